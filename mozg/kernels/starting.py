"""One kernel from its order to its bound ports.

A client that connects before the ports are bound is refused, and ZeroMQ then sleeps for 100 ms.
"""

import asyncio
import json
import os
import signal
import socket

from mozg.kernels.forkserver import FORK_SERVERS, ForkServer
from mozg.kernels.orders import BOUND, ForkError, Order, UnboundError, receive
from mozg.kernels.waiting import readable

#: Seconds for a kernel to bind its ports, and for a fork server to import what it preloads before that.
PATIENCE = 90.0


async def forked(server: ForkServer, order: Order, stdout: int, stderr: int) -> tuple[int, int]:
    """Return the process and the pidfd of a kernel that is ready to be connected to.

    Raises:
        ForkError: there is none, and none is left behind.
        UnboundError: there was one, and it could not bind its ports.
        OSError: the fork server does not listen.
    """
    with server.order(order, stdout, stderr) as answers:
        try:
            async with asyncio.timeout(PATIENCE):
                pid, pidfd = await _introduced(server, answers)
                await _bound(answers, pidfd)
        except TimeoutError:
            FORK_SERVERS.give_up(server, for_good=True)
            raise ForkError(f"The fork server and the kernel took longer than {PATIENCE:g} seconds.") from None
    return pid, pidfd


async def _introduced(server: ForkServer, answers: socket.socket) -> tuple[int, int]:
    await readable(answers.fileno())
    message, opened = receive(answers, 1)
    if not message:
        FORK_SERVERS.give_up(server)
        raise ForkError("The fork server ended; what it said is in this program's error output.")
    told = json.loads(message)
    if "refused" in told:
        FORK_SERVERS.give_up(server, for_good=True)
        raise ForkError(told["refused"])
    return told["pid"], opened[0]


async def _bound(answers: socket.socket, pidfd: int) -> None:
    try:
        await readable(answers.fileno())
        if answers.recv(len(BOUND)) != BOUND:
            raise UnboundError("The kernel ended before its ports were bound.")
    except BaseException:
        _kill(pidfd)
        raise


def _kill(pidfd: int) -> None:
    try:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        os.close(pidfd)
