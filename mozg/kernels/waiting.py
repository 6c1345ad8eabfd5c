"""Waiting for a file of the operating system in whatever event loop is running."""

import asyncio
import os
import select


def is_readable(descriptor: int) -> bool:
    """Tell whether a file can be read, or a process has ended, right now."""
    look = select.poll()
    look.register(descriptor, select.POLLIN)
    return bool(look.poll(0))


async def readable(descriptor: int) -> None:
    """Wait until a file can be read; of a pidfd, until the process has ended."""
    loop = asyncio.get_running_loop()
    came: asyncio.Future[None] = loop.create_future()
    own = os.dup(descriptor)  # a loop has one reader per descriptor, and two may wait for the same process
    loop.add_reader(own, _note, came)
    try:
        await came
    finally:
        loop.remove_reader(own)
        os.close(own)


def _note(came: asyncio.Future[None]) -> None:
    if not came.done():
        came.set_result(None)
