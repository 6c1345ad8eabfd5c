"""What a host and its fork server say to each other: one datagram each, with open files beside it.

A host orders a kernel over the control channel, and puts in one end of a socket pair for the answers: first who the
kernel is (with a pidfd), then, from the kernel itself, that its ports are bound. So orders of many threads need no
lock, and no answer can reach the wrong one.
"""

import array
import json
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

#: The largest datagram, in bytes; the kernel of the operating system takes about so many and refuses more.
LARGEST = 1 << 18
BOUND = b"bound"


class ForkError(Exception):
    """A kernel could not be forked; the words say why."""


class UnboundError(ForkError):
    """A kernel ended before its ports were bound: most likely one of them was taken meanwhile."""


@dataclass(frozen=True)
class Order:
    """A kernel to be: the arguments of ``ipykernel_launcher``, the whole environment, the folder to start in."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str

    def to_bytes(self) -> bytes:
        """Return the order as it is sent."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of_bytes(cls, sent: bytes) -> "Order":
        """Return the order that was sent."""
        said = json.loads(sent)
        return cls(tuple(said["arguments"]), said["environment"], said["folder"])


class Files(NamedTuple):
    """The open files that travel with an order: where to answer, the kernel's output, and the host as a pidfd."""

    answer: int
    stdout: int
    stderr: int
    host: int


def send(channel: socket.socket, message: bytes, files: Sequence[int] = ()) -> None:
    """Send one datagram with open files, whole or not at all.

    Raises:
        OSError: nobody listens, or the message is too large.
    """
    beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
    channel.sendmsg([message], beside, socket.MSG_NOSIGNAL)


def receive(channel: socket.socket, files: int) -> tuple[bytes, list[int]]:
    """Wait for one datagram and return it with its open files (at most ``files``); nothing: the other end is closed."""
    message, opened, *_ = socket.recv_fds(channel, LARGEST, files)
    return message, list(opened)
