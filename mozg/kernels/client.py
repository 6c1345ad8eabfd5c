"""A client that does not wait for silence."""

import time
from collections.abc import Mapping
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import DottedObjectName, Type

#: Seconds after which a kernel that did not answer is asked again: it may not have heard our subscription yet.
AGAIN = 0.25


class PromptClient(AsyncKernelClient):
    """Jupyter's client, ready 0.2 seconds sooner.

    The stock client takes a kernel as ready after 0.2 seconds in which it published nothing. This one asks the kernel
    what it is, and takes it as ready when the kernel has published that it is done with that: all that it published
    before has come by then.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and what it publishes arrives.

        Raises:
            RuntimeError: the kernel has died, or did not answer within ``timeout`` seconds.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answered(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("The kernel died before it answered.")
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel did not answer in {timeout:g} seconds.")

    async def _answered(self, asked: str) -> bool:
        try:
            while not _is_idle_after(asked, await self.get_iopub_msg(timeout=AGAIN)):
                pass
            while not _is_reply_to(asked, reply := await self.get_shell_msg(timeout=AGAIN)):
                pass
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


class PromptManager(AsyncKernelManager):
    """Jupyter's manager of one kernel, with prompt clients; give it to nbclient as ``kernel_manager_class``."""

    client_class = DottedObjectName(f"{__name__}.{PromptClient.__name__}")
    client_factory = Type(PromptClient, config=True)

    async def _async_wait(self, pollinterval: float = 0.01) -> None:
        """Wait until the kernel has ended, and look for it more often than every 0.1 seconds."""
        await super()._async_wait(min(pollinterval, 0.01))


def _is_idle_after(asked: str, message: Mapping[str, Any]) -> bool:
    said = message["content"].get("execution_state") if message["msg_type"] == "status" else None
    return said == "idle" and _is_reply_to(asked, message)


def _is_reply_to(asked: str, message: Mapping[str, Any]) -> bool:
    return bool(message["parent_header"].get("msg_id") == asked)
