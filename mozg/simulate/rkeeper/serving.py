"""A simulated r_keeper installation on a real port of this machine, behind a certificate that it signed itself."""

import contextlib
import datetime
import socket
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mozg.simulate.chain import Chain, rows
from mozg.simulate.faults import Faults
from mozg.simulate.gate import Gate
from mozg.simulate.identity import guid
from mozg.simulate.log import Log
from mozg.simulate.present import Present
from mozg.simulate.rkeeper import idents
from mozg.simulate.rkeeper.app import Doors, Rows
from mozg.simulate.rkeeper.base import ReportBase
from mozg.simulate.rkeeper.commands import Node
from mozg.simulate.rkeeper.live import CashServer
from mozg.simulate.rkeeper.refs import Collections
from mozg.simulate.rkeeper.white import White, rows_of
from mozg.simulate.serving import running

#: The number in the licensing system of the first restaurant.
OBJECT = 199990001


@dataclass
class ServedRkeeper:
    """A chain on r_keeper: its address, what opens it, its faults, and a log of what was asked."""

    present: Present
    address: str
    fingerprint: str
    doors: Doors
    faults: Faults = field(default_factory=Faults)
    log: Log = field(default_factory=Log)

    @property
    def chain(self) -> Chain:
        """The chain as the tills have it now."""
        return self.present.chain

    def replace(self, chain: Chain) -> None:
        """Let the tills tell another truth from now on: a copy of the chain from `mozg.simulate.edits`."""
        self.present.replace(chain)

    @property
    def base(self) -> ReportBase:
        """The report database."""
        return self.doors.base

    @property
    def rows(self) -> Rows:
        """How the rows of stored procedures look."""
        return self.doors.rows

    @property
    def reference(self) -> Node:
        """The reference server."""
        return self.doors.reference

    @property
    def white(self) -> White:
        """White Server."""
        return self.doors.white

    def cash(self, number: int = 0) -> CashServer:
        """Return the cash server of restaurant number ``number``, from 0."""
        server = self.doors.cash[number + 1].cash
        assert server is not None
        return server

    def venues(self, *, white: bool = False) -> list[dict[str, Any]]:
        """Return each restaurant as ``name, timezone, country, opened_on, pos, pos_config``."""
        door = self._white if white else self._local
        return [
            {"name": row.name, "timezone": row.timezone, "country": row.country, "opened_on": row.opened_on, **door(i)}
            for i, row in enumerate(rows(self.chain.venues))
        ]

    def _local(self, number: int) -> dict[str, Any]:
        config = {
            "base_url": f"{self.address}/ref", "cash_url": f"{self.address}/cash/{number + 1}",
            "login": self.doors.login, "password": self.doors.password, "certificate": self.fingerprint,
            "restaurant_id": str(idents.RESTAURANT + number),
        }  # fmt: skip
        return {"pos": "rkeeper", "pos_config": config}

    def _white(self, number: int) -> dict[str, Any]:
        config = {
            "base_url": f"{self.address}/white", "token": self.doors.token, "object_id": str(OBJECT + number),
            "certificate": self.fingerprint, "restaurant_id": str(idents.RESTAURANT + number),
        }  # fmt: skip
        return {"pos": "rkeeper_white", "pos_config": config}


@contextlib.contextmanager
def serve_rkeeper(chain: Chain | Present, port: int = 0, *, script: str | None = None) -> Iterator[ServedRkeeper]:
    """Serve ``chain`` on 127.0.0.1 at ``port`` (0: any free one) for as long as the block runs.

    Tills that are to tell one truth share a `Present`. ``script`` is what was run in the report database, if not the
    script that restaurants are asked to run.

    Raises:
        OSError: the port is taken.
    """
    with (
        socket.create_server(("127.0.0.1", port)) as listener,
        tempfile.TemporaryDirectory() as folder,
    ):
        present = chain if isinstance(chain, Present) else Present(chain)
        doors = _doors(present, ReportBase(present, script))
        file, fingerprint = _certificate(Path(folder))
        served = ServedRkeeper(present, f"https://127.0.0.1:{listener.getsockname()[1]}", fingerprint, doors)
        app = Gate(doors.application(), served.faults, served.log)
        with running(app, listener, ssl_context_factory=lambda *_: _secured(file)):
            yield served


def _secured(file: Path) -> ssl.SSLContext:
    """Return TLS with the certificate in ``file``; OpenSSL serves short keys only when told not to mind."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.load_cert_chain(file)
    return context


def _doors(present: Present, base: ReportBase) -> Doors:
    chain, collections = present.chain, Collections(present)
    cash = {i + 1: Node(f"MIDSRV{i + 1}", collections, CashServer(present, i)) for i in range(len(chain.venues))}
    shape = Rows()
    white = White(
        {OBJECT + number - 1: node for number, node in cash.items()},
        lambda name, given: shape.spoilt(rows_of(base, name, given)),
    )
    return Doors(
        login="MOZG", password=guid(chain.seed, "r_keeper password"), token=guid(chain.seed, "white token"),
        reference=Node("REFSRV", collections), cash=cash, base=base, white=white, rows=shape,
    )  # fmt: skip


def _certificate(folder: Path) -> tuple[Path, str]:
    """Return a file with a self-signed certificate and its key, and the certificate's SHA-256 fingerprint."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # as cash servers have it
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MIDSRV")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file, certificate.fingerprint(hashes.SHA256()).hex()
