"""The stop list: when a dish could not be had, and what guests took instead."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from mozg.simulate.menu import GROUP_OF, on_menu

Ints = npt.NDArray[np.int64]
Moments = npt.NDArray[np.datetime64]

_A_MONTH = 6.0
#: Business days end at this hour at the latest; a stop that outlives its day ends the next morning.
_NIGHT, _MORNING = 27, 35


@dataclass(frozen=True)
class Stops:
    """Columns of equal length, one element per stop; times are the restaurant's clock."""

    product: Ints
    started: Moments
    ended: Moments

    def substitute(self, product: Ints, ordered: Moments) -> Ints:
        """Return what was served to guests who asked for ``product`` at ``ordered``: a neighbour on the menu."""
        served = product.copy()
        for stopped, started, ended in zip(self.product, self.started, self.ended, strict=True):
            missed = (served == stopped) & (ordered >= started) & (ordered < ended)
            served[missed] = _neighbour(int(stopped), started.astype("datetime64[D]").item())
        return served


def stops_of(seed: int, venue: int, dates: npt.NDArray[np.datetime64]) -> Stops:
    """Return the stops of the month with these dates, in a random stream of their own; none outlives it."""
    first: date = dates[0].item()
    rng = np.random.default_rng([seed, venue, first.year, first.month, 2])
    number = rng.poisson(_A_MONTH)
    day = np.sort(rng.integers(0, len(dates), number))
    product = rng.choice(np.flatnonzero(on_menu(first)), number)
    begins = rng.integers(12 * 60, 21 * 60, number).astype("timedelta64[m]")
    overnight = (rng.random(number) < 0.2) & (day < len(dates) - 1)
    midnight = dates[day].astype("datetime64[s]")
    ends = np.where(overnight, _MORNING, _NIGHT).astype("timedelta64[h]")
    return Stops(product, midnight + begins, midnight + ends)


def _neighbour(product: int, day: date) -> int:
    """Return the next dish of the same group that is on the menu; a group's only dish is its own neighbour."""
    group = np.flatnonzero((GROUP_OF[product] == GROUP_OF) & on_menu(day))
    after = group[group > product]
    return int(after[0] if len(after) else group[0])
