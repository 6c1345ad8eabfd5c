"""The restaurant's own servers: the reference server, and if its address is known the cash server."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from mozg.errors import TillUnreachable
from mozg.model import Venue
from mozg.pos.config import required
from mozg.pos.patience import Patience
from mozg.pos.rkeeper import answers, commands
from mozg.pos.rkeeper.answers import Element, Row
from mozg.pos.trust import fingerprint_at, trusted
from mozg.pos.wire import Wire

_XML = "rk7api/v0/xmlinterface.xml"
_PROCEDURES = "rk7api/v1/sqlprocdata"


class _Server(Wire):
    """One r_keeper server. It answers nearly everything with status 200 and says inside how it went."""

    def check(self, response: httpx.Response) -> None:
        """Raise what the answer itself complains of."""
        if response.status_code == 200 and response.request.url.path.endswith(_XML):
            answers.check_status(self.name, self.result(response))
        elif not response.is_success and answers.lacks_procedure(answers.decoded(response.content)):
            raise answers.missing_script(self.name)

    def insecure(self, trouble: str) -> TillUnreachable:
        """Return the error for an unknown certificate, with what must be known to trust it; servers sign their own."""
        error, url = super().insecure(trouble), urlsplit(str(self.client.base_url))
        shown = fingerprint_at(url.hostname or "", url.port or 443)
        if shown is None:
            return error
        return TillUnreachable(
            f"{self.name} shows a certificate that this machine does not trust, as servers of r_keeper do. Its SHA-256 "
            f"fingerprint is {shown}. If the server's administrator says the same, set certificate to it."
        )

    def result(self, response: httpx.Response) -> Element:
        """Return the result in an answer of the XML interface."""
        found: Element = self._read(response, lambda: answers.result_of(response.content))
        return found

    def query(self, asked: Element) -> Element:
        """Return the result of one command."""
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        return self.result(self.ask("POST", _XML, content=commands.written(asked), headers=headers))

    def selected(self, procedure: str, parameters: Mapping[str, str]) -> list[Row]:
        """Return what a stored procedure selects."""
        response = self.ask("GET", f"{_PROCEDURES}/{procedure}", params=dict(parameters))
        found: list[Row] = self._read(response, lambda: answers.rows_of(response.content))
        return found


class LocalDoor:
    """The way through the restaurant's network.

    ``pos_config``: base_url (the reference server, what stands before ``/rk7api``), login and password of its HTTP
    user, restaurant_id (the ident of the restaurant); cash_url for the cash server with the open shift, cash_login and
    cash_password if they differ; certificate, the SHA-256 fingerprint of a certificate that nobody else has signed,
    and cash_certificate if the cash server has another.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        base_url, login, password, _ = required(venue, "base_url", "login", "password", "restaurant_id")
        config = {name: str(value) for name, value in venue.pos_config.items() if value}
        certificate = config.get("certificate")
        self._reference = _Server(base_url, patience, "r_keeper", trusted(certificate))
        self._reference.client.auth = httpx.BasicAuth(login, password)
        self._cash = self._reference
        self.has_cash_server = "cash_url" in config
        if self.has_cash_server:
            pinned = config.get("cash_certificate", certificate)
            self._cash = _Server(config["cash_url"], patience, "r_keeper's cash server", trusted(pinned))
            self._cash.client.auth = httpx.BasicAuth(
                config.get("cash_login", login), config.get("cash_password", password)
            )
        self.name, self.address = self._reference.name, f"{base_url} {config.get('cash_url', '')}"

    def close(self) -> None:
        """Close the connections."""
        self._reference.close()
        self._cash.close()

    def references(self, command: Element) -> Element:
        """Return the result of a command of the reference server."""
        return self._reference.query(command)

    def cash(self, command: Element) -> Element:
        """Return the result of a command of the cash server."""
        return self._cash.query(command)

    def rows(self, procedure: str, parameters: Mapping[str, str]) -> list[Row]:
        """Return what a stored procedure selects."""
        return self._reference.selected(procedure, parameters)
