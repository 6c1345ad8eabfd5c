"""Work that nobody waits for: letters, and notes whose time would tell what the answer does not."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ParamSpec

from mozg.errors import MozgError

MOST = 1000
_LOG = logging.getLogger("mozg.api")
_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="later")
_ROOM = BoundedSemaphore(MOST)
Given = ParamSpec("Given")


def later(work: Callable[Given, object], *given: Given.args, **more: Given.kwargs) -> None:
    """Do ``work`` soon, in another thread; what fails is told in the log. A queue of 1,000 takes no more."""
    if not _ROOM.acquire(blocking=False):
        _LOG.error("%s was left out: too much is waiting.", work.__qualname__)
        return

    def go() -> None:
        try:
            work(*given, **more)
        except MozgError as error:
            _LOG.warning("%s: %s", work.__qualname__, error)
        finally:
            _ROOM.release()

    _WORKERS.submit(go)
