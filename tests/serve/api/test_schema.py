"""The API keeps to its own description, whatever it is sent: property-based tests made from ``openapi.json``.

Each problem found would be told with the request that shows it. The long run is ``make soak``.
"""

import itertools
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mozg.access.organizations import create_organization
from mozg.access.sessions import access_token, open_session
from mozg.access.users import add_user
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.model import Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_sales

from .conftest import V1

pytestmark = pytest.mark.slow
SETTINGS = Path(__file__).with_name("schemathesis.toml")
_NUMBERS = itertools.count(1)
CASES = re.compile(r"(\d[\d,]*) generated")


def examined(api, token, *options):
    """Examine the API as the holder of ``token``; return how many cases were tried."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(SETTINGS), "run", *options,
         "--header", f"Authorization: Bearer {token}", "--seed", "20261123", "--no-color",
         f"{api.address}{V1}/openapi.json"],
        capture_output=True, text=True, timeout=3000, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return int(CASES.search(done.stdout)[1].replace(",", ""))


@pytest.fixture(scope="module")
def organization(database):
    """An organisation with a lake, which the requests may change as they like."""
    made = create_organization("schema", "Schema", currency="EUR", timezone="Europe/Paris")
    venue = add_venue(made, "Nord", timezone="Europe/Paris")
    day, noon, price = date(2026, 11, 2), datetime(2026, 11, 2, 12, tzinfo=UTC), Decimal("12.50")
    sales = Sales(
        [Receipt("1", day, noon, noon, guests=2, gross=price, revenue=price)],
        [ReceiptItem("1", "1", day, "soup", Decimal(1), price, revenue=price)],
    )
    with transaction(made.id) as connection:
        load_sales(connection, made.id, venue.id, sales, 1)
    refresh(made)
    return made


@pytest.fixture
def token_of(organization):
    """Sign in somebody of a role who has nothing else to do."""

    def make(role):
        user = add_user(organization.id, f"{role}{next(_NUMBERS)}@example.com", "Schema", role)
        return access_token(open_session(user))

    return make


#: Signing out would end the sign-in that all requests use.
STAYING = ("--exclude-path", f"{V1}/auth/logout", "--workers", "2")


def test_the_api_is_as_it_says(api, token_of):
    assert examined(api, token_of("owner"), *STAYING, "--phases", "examples,fuzzing", "--max-examples", "4") > 100


def test_signing_out_is_as_it_says(api, token_of):
    only = ("--include-path", f"{V1}/auth/logout", "--exclude-checks", "positive_data_acceptance")
    assert examined(api, token_of("owner"), *only) > 5


@pytest.mark.soak
def test_the_api_is_as_it_says_over_thousands_of_cases(api, token_of):
    assert examined(api, token_of("owner"), *STAYING, "--max-examples", "100") >= 5000
