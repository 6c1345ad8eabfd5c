import base64
import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import nbformat
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser

from mozg.errors import DeliveryError
from mozg.pages.blocks import HEADER_MIME, LEAD_MIME, TILES_MIME
from mozg.reports.export import read
from mozg.reports.mail import LARGEST_HTML, compose
from mozg.reports.post import send
from mozg.reports.tables import TABLE_MIME
from mozg.serve.mailbox import mailbox

EMPTY = nbformat.v4.new_notebook()
PEOPLE = {"title": "T", "sender": "reports@localhost", "recipients": ["anna@example.org"]}


def _long(rows: int, tables: int) -> nbformat.NotebookNode:
    columns = [{"name": str(n), "label": f"Показатель {n}", "kind": "text"} for n in range(6)]
    table = {"name": "t", "title": "Длинная", "columns": columns, "rows": [["значение" * 4] * 6] * rows}
    outputs = [nbformat.v4.new_output("display_data", {TABLE_MIME: table}) for _ in range(tables)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])


def _html(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def received(exported: dict[str, Path], executed: Path, tmp_path_factory: pytest.TempPathFactory) -> EmailMessage:
    """The sales report, sent over SMTP and read from the mailbox."""
    folder = tmp_path_factory.mktemp("mailbox")
    message = compose(
        read(executed),
        title="Продажи за неделю\r\nBcc: thief@example.org",
        sender="Отчёты <reports@localhost>",
        recipients=["anna@example.org", "boris@example.org"],
        link="http://127.0.0.1:8000/sales?a=1&b=2",
        attachments=[exported["pdf"], exported["xlsx"]],
        key="subscription 7, 2026-01",
        locale="ru",
    )
    with mailbox(folder) as address:
        send(message, address)
    [kept] = folder.glob("*.eml")
    return email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)


@pytest.mark.browser
def test_a_mail_arrives_as_it_was_meant(received: EmailMessage) -> None:
    assert received["Subject"] == "Продажи за неделю Bcc: thief@example.org"
    assert received["From"] == "Отчёты <reports@localhost>"
    assert received.get_all("Delivered-To") == ["anna@example.org", "boris@example.org"]
    assert received["Bcc"] is None
    files = {part.get_filename(): part.get_content() for part in received.iter_attachments()}
    assert [name.rsplit(".")[-1] for name in files] == ["pdf", "xlsx"]
    assert [content[:4] for content in files.values()] == [b"%PDF", b"PK\x03\x04"]


@pytest.mark.browser
def test_the_plain_text_tells_it_too(received: EmailMessage) -> None:
    text = received.get_body(("plain",)).get_content()
    for said in (
        "Организация: demo",
        "http://127.0.0.1:8000/sales?a=1&b=2",
        "Кафе на Тверской",
        " | 310",
        "(ещё 110 строк — в самом отчёте)",
        "1 янв. 2026",
    ):
        assert said in text


@pytest.mark.browser
def test_the_page_shows_its_own_pictures_and_asks_for_nothing(
    received: EmailMessage, tmp_path: Path, browser: Browser
) -> None:
    page = _html(received)
    pictures = {part["Content-ID"][1:-1]: part.get_content() for part in received.walk() if part["Content-ID"]}
    assert len(pictures) == 2
    assert len(page.encode()) < LARGEST_HTML
    assert "<script" not in page
    assert 'alt="Выручка выросла. График."' in page
    for name, png in pictures.items():
        page = page.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(png).decode()}")
    assert "cid:" not in page
    path = tmp_path / "mail.html"
    path.write_text(page)
    shown = browser.new_page(viewport={"width": 390, "height": 800})
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(path.as_uri())
    assert shown.evaluate("() => [...document.images].every(image => image.naturalWidth === 880)")
    assert shown.evaluate("() => document.images[0].getBoundingClientRect().right <= 390")
    assert "Пельмени № 24" in shown.inner_text("body")
    assert "Ещё 95 строк — в самом отчёте." in shown.inner_text("body")
    assert "Открыть дашборд" in shown.inner_text("body")
    assert shown.get_attribute("html", "lang") == "ru"
    shown.close()
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []


def test_the_same_key_gives_the_same_message_id() -> None:
    first, again, other = (compose(EMPTY, **PEOPLE, key=key) for key in ("a", "a", "b"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert compose(EMPTY, **PEOPLE)["Message-ID"] != compose(EMPTY, **PEOPLE)["Message-ID"]


def test_long_tables_are_cut_to_what_mail_programs_show() -> None:
    page = _html(compose(_long(500, 8), **PEOPLE))
    assert 20_000 < len(page.encode()) < LARGEST_HTML
    assert page.count(" more rows") == 8


def test_a_mail_begins_with_its_sentence_and_numbers_and_shows_the_columns_of_the_page() -> None:
    columns = [
        {"name": "venue", "label": "Venue", "kind": "text"},
        {"name": "revenue", "label": "Revenue", "kind": "money"},
        {"name": "before", "label": "Before", "kind": "money", "shown": False},
        {"name": "change", "label": "Revenue, change", "head": "change", "kind": "percent", "signed": True},
    ]
    table = {"name": "t", "title": "Venues", "columns": columns, "rows": [["Nord", "1234567.50", "9.00", 0.125]]}
    kept = [{"name": "d", "label": "D", "kind": "text", "shown": False}]
    tile = {"title": "Revenue", "value": "€1.23M", "moved": "▲ +12%", "verdict": "better"}
    header = {"title": "T", "lines": [], "currency": "EUR"}
    told = {HEADER_MIME: header, LEAD_MIME: "Revenue grew 12%.", TILES_MIME: [tile], TABLE_MIME: table}
    outputs = [nbformat.v4.new_output("display_data", {mime: content}) for mime, content in told.items()]
    unseen = {TABLE_MIME: {"name": "u", "title": "For the workbook", "columns": kept, "rows": [["x"]]}}
    outputs.append(nbformat.v4.new_output("display_data", unseen))
    message = compose(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)]), **PEOPLE)
    page = _html(message)
    assert page.index("Revenue grew 12%.") < page.index("€1.23M") < page.index("▲ +12%") < page.index("Nord")
    assert "€1,234,568" in page
    assert "+12%" in page.partition("Nord")[2]
    assert "Before" not in page
    assert "For the workbook" not in page
    assert "Revenue: €1.23M ▲ +12%" in str(message.get_body(("plain",)).get_content())


def test_too_many_tables_are_refused() -> None:
    with pytest.raises(DeliveryError, match="too many tables for a mail"):
        compose(_long(1, 600), **PEOPLE)


def test_a_dish_cannot_write_html() -> None:
    table = {"name": "t", "title": "<b>T</b>", "columns": [{"name": "d", "label": "D", "kind": "text"}]}
    output = nbformat.v4.new_output("display_data", {TABLE_MIME: table | {"rows": [["<script>alert(1)</script>"]]}})
    page = _html(compose(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])]), **PEOPLE))
    assert "<script>" not in page
    assert "&lt;b&gt;T" in page


@pytest.mark.parametrize(
    "address", ["anna", "", "a@b\nBcc: thief@example.org", "a@example.org, b@example.org", "анна@example.org", "a@@b"]
)
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(DeliveryError, match="is not a mail address"):
        compose(EMPTY, title="T", sender="reports@localhost", recipients=[address])
    with pytest.raises(DeliveryError, match="is not a mail address"):
        compose(EMPTY, title="T", sender=address, recipients=["anna@example.org"])


def test_a_missing_attachment_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"gone\.pdf cannot be read: No such file"):
        compose(EMPTY, **PEOPLE, attachments=[tmp_path / "gone.pdf"])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("localhost:25", "Its form is smtp://"),
        ("http://localhost", "Its form is smtp://"),
        ("smtp://localhost:port", "Its form is smtp://"),
        ("smtp://me:pass-word@mail.example.org", "would send a password in the open"),
    ],
)
def test_a_wrong_server_address_is_refused_without_telling_the_password(address: str, said: str) -> None:
    with pytest.raises(DeliveryError, match=said) as caught:
        send(compose(EMPTY, **PEOPLE), address)
    assert "pass-word" not in str(caught.value)


def test_a_closed_port_is_a_delivery_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{port} did not take the mail: .*refused"):
        send(compose(EMPTY, **PEOPLE), f"smtp://127.0.0.1:{port}")


class _Strict:
    """An SMTP server that knows Anna only."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not address.startswith("anna"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


@pytest.fixture
def strict() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    controller = Controller(_Strict(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_refused_recipient_is_named(strict: str) -> None:
    send(compose(EMPTY, **PEOPLE), strict)
    two = PEOPLE | {"recipients": ["anna@example.org", "boris@example.org"]}
    with pytest.raises(DeliveryError, match=r"refused boris@example\.org; the others have the mail"):
        send(compose(EMPTY, **two), strict)
    with pytest.raises(DeliveryError, match="did not take the mail"):
        send(compose(EMPTY, **PEOPLE | {"recipients": ["boris@example.org"]}), strict)


def test_encryption_that_was_asked_for_is_insisted_on(strict: str) -> None:
    with pytest.raises(DeliveryError, match="STARTTLS"):
        send(compose(EMPTY, **PEOPLE), f"{strict}?starttls=yes")


def test_the_mailbox_keeps_each_mail_and_frees_its_port(tmp_path: Path) -> None:
    with mailbox(tmp_path) as address:
        for number in range(3):
            send(compose(EMPTY, **PEOPLE | {"title": f"Письмо {number}"}), address)
    kept = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sorted(tmp_path.iterdir())
    ]
    assert [message["Subject"] for message in kept] == ["Письмо 0", "Письмо 1", "Письмо 2"]
    assert address.startswith("smtp://127.0.0.1:")
    port = int(address.rsplit(":")[-1])
    with mailbox(tmp_path, port) as again:
        assert again == address
