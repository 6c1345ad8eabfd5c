"""A mailbox on this machine: an SMTP server on loopback that keeps what it is sent as files.

The demonstration and the tests send real mail to it; nothing leaves the machine.
"""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"
_LARGEST = 64 * 1024 * 1024


@contextmanager
def mailbox(folder: Path, port: int = 0) -> Iterator[str]:
    """Keep every mail as ``<folder>/<time>-<hex>.eml`` while the block runs; yield the server's ``smtp://`` address.

    `port` 0 takes a free one. The envelope's addresses stand first in the file, as Return-Path and Delivered-To.

    Raises:
        OSError: the port is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server((_HOST, port)) as listening:
        controller = _Controller(_Keeper(folder), listening)
        controller.start()
        try:
            yield f"smtp://{_HOST}:{controller.port}"
        finally:
            controller.stop()


class _Controller(Controller):
    """aiosmtpd's server in a thread, on a socket that is bound already, so that a free port stays ours."""

    def __init__(self, keeper: "_Keeper", listening: socket.socket) -> None:
        super().__init__(keeper, hostname=_HOST, port=listening.getsockname()[1], data_size_limit=_LARGEST)
        self._listening = listening

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class _Keeper:
    """aiosmtpd's handler: writes each mail whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"
        lines = [f"Return-Path: <{envelope.mail_from}>", *(f"Delivered-To: {address}" for address in envelope.rcpt_tos)]
        half = self._folder / f".{name}"
        half.write_bytes("".join(f"{line}\r\n" for line in lines).encode() + bytes(envelope.original_content or b""))
        half.rename(self._folder / f"{name}.eml")
        return "250 Kept"
