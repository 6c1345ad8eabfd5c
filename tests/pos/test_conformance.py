"""Every adapter keeps the promises of a till, and so does the one that the documentation writes."""

import json
import re
import threading
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mozg.errors import TillAccessDenied
from mozg.model import Venue
from mozg.pos import Patience, connect
from mozg.pos.conformance import broken_promises
from mozg.simulate import Chain, serve
from mozg.simulate.rkeeper import serve_rkeeper

PAGE = Path(__file__).parents[2] / "docs" / "adapters.md"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 3)
DISHES = [{"id": "e", "name": "Espresso", "group": "Coffee", "price": 2.5},
          {"id": "b", "name": "Bun", "group": "Bakery", "price": 3}]  # fmt: skip
CHECKS = [
    {"id": f"{day}-{number}", "day": str(day), "opened": f"{day}T09:00:00", "closed": f"{day}T09:20:00", "guests": 2,
     "paid": "Visa", "lines": [{"dish": "e", "quantity": number, "sum": number * 2.5, "off": 0},
                               {"dish": "b", "quantity": 1, "sum": 3, "off": 0.3}]}
    for day in (FIRST, LAST)
    for number in (1, 2)
]  # fmt: skip


class Espresso(BaseHTTPRequestHandler):
    """The till of the documentation's example."""

    def do_GET(self):
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        answers = {
            "/shops": lambda: [{"id": "1", "name": "Corner"}],
            "/menu": lambda: DISHES,
            "/checks": lambda: [one for one in CHECKS if asked["from"] <= one["day"] <= asked["to"]],
        }
        signed_in = self.headers["Authorization"] == "Bearer key"
        body = json.dumps(answers[url.path]() if signed_in else "wrong key").encode()
        self.send_response(200 if signed_in else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def espresso():
    server = HTTPServer(("127.0.0.1", 0), Espresso)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Venue(1, 1, "Corner", "Europe/Paris", "espresso",
                {"base_url": f"http://127.0.0.1:{server.server_port}", "key": "key", "shop": "1"})  # fmt: skip
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def example():
    """What the page's Python defines, as it stands there."""
    names = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(compile(code, "docs/adapters.md", "exec"), names)
    return names


def test_the_documented_adapter_keeps_every_promise(example, espresso):
    example["test_it_is_a_till"](espresso)
    with example["connect"](espresso) as till:
        assert till.about().restaurant == "Corner"
        assert sum(one.revenue for one in till.sales(FIRST, LAST).receipts) == Decimal("25.80")


def test_the_documented_adapter_says_what_is_wrong(example, espresso):
    for setting, words in {"shop": "no restaurant 'x'.*shop", "key": "Check the venue's credentials"}.items():
        wrong = Venue(1, 1, "Corner", "Europe/Paris", "espresso", espresso.pos_config | {setting: "x"})
        with example["connect"](wrong) as till, pytest.raises(TillAccessDenied, match=words):
            till.about()


@pytest.fixture(scope="module")
def tills():
    with serve(Chain.generate(7, FIRST, LAST, venues=1)) as iiko, serve_rkeeper(iiko.present) as rkeeper:
        yield {
            "iiko_server": iiko.venues("iiko_server"), "iiko_cloud": iiko.venues("iiko_cloud"),
            "rkeeper": rkeeper.venues(), "rkeeper_white": rkeeper.venues(white=True),
        }  # fmt: skip


@pytest.mark.parametrize("pos", ["iiko_server", "iiko_cloud", "rkeeper", "rkeeper_white"])
def test_our_adapters_keep_every_promise(tills, pos):
    config = tills[pos][0]
    venue = Venue(1, 1, config["name"], config["timezone"], pos, config["pos_config"], day_start_hour=6)
    assert broken_promises(lambda: connect(venue), FIRST, LAST) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda sales: sales.receipts.append(sales.receipts[0]), "comes 2 times"),
        (lambda sales: sales.items.pop(), "does not add up"),
        (lambda sales: sales.payments.clear(), "tells other payments"),
        (lambda sales: sales.items.append(sales.items[0]._replace(line="9", receipt="?")), "belongs to no receipt"),
        (lambda sales: sales.items.append(sales.items[0]._replace(line="9", product="?")), "not in the catalogue"),
        (lambda sales: sales.receipts.append(sales.receipts[0]._replace(external_id="9", gross=0.1)), "is a float"),
    ],
    ids=["doubled", "a line less", "forgets", "stray", "unknown dish", "float"],
)
def test_broken_promises_are_named(example, espresso, spoil, words):
    once = iter([spoil])

    class Spoilt(example["EspressoTill"]):
        def sales(self, first, last):
            sales = super().sales(first, last)
            next(once, lambda _: None)(sales)
            return sales

    told = broken_promises(lambda: Spoilt(espresso, Patience()), FIRST, LAST)
    assert any(words in sentence for sentence in told), told
