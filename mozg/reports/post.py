"""Handing a mail to an SMTP server."""

import smtplib
import ssl
from contextlib import closing
from email.message import EmailMessage
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from mozg.errors import DeliveryError

_PATIENCE = 30
_FORM = "smtp://[user:password@]host[:port][?starttls=yes] or smtps://[user:password@]host[:port]"


def send(message: EmailMessage, smtp_url: str) -> None:
    """Send `message` through the server at `smtp_url`.

    ``smtp://host:587?starttls=yes`` insists on encryption, ``smtps://host`` begins with it, plain ``smtp://host`` is
    for a server on the same machine or network. A password is never sent over an open connection to another machine.

    Raises:
        DeliveryError: the address of the server is wrong, it cannot be reached, or it refused the mail or a recipient.
    """
    server = _parsed(smtp_url)
    try:
        with closing(_connected(server)) as smtp:
            if _starttls(server):
                smtp.starttls(context=ssl.create_default_context())
            if server.username:
                smtp.login(unquote(server.username), unquote(server.password or ""))
            refused = smtp.send_message(message)
            smtp.quit()
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"The mail server {_place(server)} did not take the mail: {error}.") from error
    if refused:
        raise DeliveryError(f"The mail server {_place(server)} refused {', '.join(refused)}; the others have the mail.")


def _parsed(smtp_url: str) -> SplitResult:
    try:
        server = urlsplit(smtp_url)
        usable = server.scheme in ("smtp", "smtps") and server.hostname and (server.port is None or server.port > 0)
    except ValueError:
        usable = None
    if not usable:
        raise DeliveryError(f"SMTP_URL is not the address of a mail server. Its form is {_FORM}.")
    if server.username and not (_encrypted(server) or server.hostname in ("localhost", "127.0.0.1", "::1")):
        raise DeliveryError(f"SMTP_URL would send a password in the open. Add ?starttls=yes, or use smtps. ({_FORM})")
    return server


def _encrypted(server: SplitResult) -> bool:
    return server.scheme == "smtps" or _starttls(server)


def _starttls(server: SplitResult) -> bool:
    return parse_qs(server.query).get("starttls", ["no"])[-1].lower() in ("yes", "true", "1", "on")


def _connected(server: SplitResult) -> smtplib.SMTP:
    host = server.hostname or ""
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=_PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, server.port or (587 if _starttls(server) else 25), timeout=_PATIENCE)


def _place(server: SplitResult) -> str:
    return f"{server.hostname}{f':{server.port}' if server.port else ''}"
