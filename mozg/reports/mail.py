"""A report as a mail: pictures and tables that mail programs show, the files attached.

Mail programs run no scripts, many show no SVG, and Gmail cuts HTML off at 102 kB. So figures are PNG parts of the
message, tables carry their style on every cell, and long ones are cut to what fits, with the rest in the workbook.
"""

import functools
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses, localtime, make_msgid
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from mozg.errors import DeliveryError
from mozg.pages.blocks import FIGURE_MIME, LEAD_MIME, TILES_MIME
from mozg.reports.figures import picture
from mozg.reports.page import caption, generated, height, spoken, templates
from mozg.reports.tables import Table, header, outputs, tables
from mozg.reports.written import written

#: Gmail shows no more of a mail than 102 kB.
LARGEST_HTML = 100_000
_WIDTH = 440
_ROWS = (25, 10, 5, 0)
_COLUMNS = 4


@dataclass(frozen=True)
class _Picture:
    """A figure in a mail; `cid` names its part, with its angle brackets, `title` is not in the picture."""

    cid: str
    title: str
    alt: str
    png: bytes


def compose(
    notebook: NotebookNode,
    *,
    title: str,
    sender: str,
    recipients: Sequence[str],
    link: str = "",
    attachments: Sequence[Path] = (),
    key: str | None = None,
    locale: str = "en",
) -> EmailMessage:
    """Make a mail of an executed notebook (`mozg.reports.export.read`).

    `title` becomes the subject, `link` leads to the dashboard. Two mails with the same `key` have the same
    Message-ID, so that a mail program shows a repeated delivery once. `locale` writes numbers, dates and texts.

    Raises:
        DeliveryError: an address cannot be a mail address, or an attachment is not there.
        ExportError: a figure could not be drawn.
    """
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())
    message["From"] = _address(sender)
    message["To"] = [_address(recipient) for recipient in recipients]
    message["Date"] = localtime()
    message["Message-ID"] = _message_id(key, message["From"].addresses[0].domain)
    message["Auto-Submitted"] = "auto-generated"
    _fill(message, notebook, title, link, [path.name for path in attachments], locale)
    for path in attachments:
        _attach(message, path)
    return message


def _fill(
    message: EmailMessage, notebook: NotebookNode, title: str, link: str, attached: list[str], locale: str
) -> None:
    pictures = [_drawn(figure) for figure in outputs(notebook, FIGURE_MIME)]
    about, made = header(notebook, title), tables(notebook)
    told = {"link": link, "attached": attached, "generated": generated(notebook), "about": about, **spoken(locale)}
    told |= {"lead": next(outputs(notebook, LEAD_MIME), ""), "tiles": next(outputs(notebook, TILES_MIME), [])}
    write = functools.partial(written, locale=locale, currency=about.currency)
    message.set_content(templates().get_template("mail.txt.j2").render(told, tables=_shown(made, 10, write)))
    message.add_alternative(_fitting(made, write, told | {"pictures": pictures}), subtype="html")
    page = message.get_body(("html",))
    assert isinstance(page, EmailMessage)
    for number, drawn in enumerate(pictures, start=1):
        name = f"figure-{number}.png"
        page.add_related(drawn.png, "image", "png", cid=drawn.cid, disposition="inline", filename=name)


def _fitting(made: list[Table], write: Callable[..., str], told: dict[str, Any]) -> str:
    template = templates().get_template("mail.html.j2")
    for rows in _ROWS:
        page = template.render(told, tables=_shown(made, rows, write))
        if len(page.encode()) < LARGEST_HTML:
            return page
    raise DeliveryError(
        f"The report has too many tables for a mail ({len(made)}). Send the PDF or the workbook instead."
    )


def _shown(made: list[Table], rows: int, write: Callable[..., str]) -> list[dict[str, Any]]:
    """The first `rows` rows of each table that a page shows, as text."""
    return [_cut(table, rows, write) for table in made if any(column.shown for column in table.columns)]


def _cut(table: Table, rows: int, write: Callable[..., str]) -> dict[str, Any]:
    """A table in as many columns as a phone has room for."""
    kept = [(place, column) for place, column in enumerate(table.columns) if column.shown][:_COLUMNS]
    return {
        "title": table.title,
        "columns": [column for _, column in kept],
        "rows": [
            [
                write(values[place], column.kind, signed=column.signed, decimals=column.decimals)
                for place, column in kept
            ]
            for values, _ in zip(table.values(), range(rows), strict=False)
        ],
        "more": max(0, len(table.rows) - rows),
    }


def _drawn(figure: dict[str, Any]) -> _Picture:
    png = picture(figure, "png", width=_WIDTH, height=height(figure), scale=2)
    title = figure.get("layout", {}).get("meta", {}).get("title", "")
    return _Picture(make_msgid(domain="figure.mozg"), title, caption(figure), png)


def _address(text: str) -> Address:
    """One address, with or without a name: ``reports@chain.example``, ``Reports <reports@chain.example>``."""
    try:
        if not text.isprintable():
            raise ValueError("it contains a line break or another control character")
        [(name, address)] = getaddresses([text])
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise DeliveryError(f"{text!r} is not a mail address ({error}).") from error


def _message_id(key: str | None, domain: str) -> str:
    return make_msgid(domain=domain) if key is None else f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _attach(message: EmailMessage, path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DeliveryError(f"The attachment {path} cannot be read: {error.strerror}.") from error
    main, sub = (mimetypes.guess_type(path.name)[0] or "application/octet-stream").split("/", 1)
    message.add_attachment(content, maintype=main, subtype=sub, filename=path.name)
