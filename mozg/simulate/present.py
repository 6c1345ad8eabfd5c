"""The chain as its tills have it at this moment: all simulated systems that serve one chain share one of these."""

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from mozg.simulate.chain import Chain

View = TypeVar("View")


class Present:
    """What the tills know now. Every request reads `chain` anew, so an edit is told by all of them at once.

    ``now`` is the clock on the restaurants' walls (local, without a zone): by it shifts are open or closed and dishes
    on the stop list. It stands in the morning after the chain's last day unless it is set.
    """

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._views: dict[Callable[[Chain], Any], Any] = {}
        self._lock = threading.RLock()
        self.now = datetime.combine(chain.last + timedelta(1), time(6))

    @property
    def chain(self) -> Chain:
        """The whole truth of this moment."""
        return self._chain

    def replace(self, chain: Chain) -> None:
        """Let another truth hold from now on, such as a copy from `mozg.simulate.edits`."""
        with self._lock:
            self._chain, self._views = chain, {}

    def view(self, make: Callable[[Chain], View]) -> View:
        """Return what ``make`` makes of the chain, made once for each truth."""
        with self._lock:
            if make not in self._views:
                self._views[make] = make(self._chain)
            found: View = self._views[make]
            return found
