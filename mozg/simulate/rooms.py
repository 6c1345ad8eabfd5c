"""Halls and tables: the same rooms in every restaurant of the chain, and at which table a party of guests sits down."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

#: The seats of tables 1 … 28; those from `FIRST_AT_BAR` on stand at the bar.
SEATS = np.array([2] * 8 + [4] * 9 + [6] * 3 + [8, 10] + [2] * 6)
FIRST_AT_BAR = 23
MAIN_HALL, BAR = "Основной зал", "Бар"

#: Most guests of a party, and the seats of the tables that suit it: two may have a table for four, not one for ten.
_SUITABLE = ((2, (2, 4)), (4, (4, 6)), (6, (6, 8)), (8, (8, 10)), (99, (10,)))


def tables(venues: int) -> pd.DataFrame:
    """Return every table of the first ``venues`` restaurants: venue, number, hall, seats."""
    one = pd.DataFrame({"number": range(1, len(SEATS) + 1), "seats": SEATS})
    one.insert(1, "hall", hall_of(one["number"].to_numpy()))
    return pd.concat([one.assign(venue=venue) for venue in range(venues)], ignore_index=True)


def hall_of(table: Ints) -> npt.NDArray[np.object_]:
    """Return the hall of each table."""
    return np.where(table >= FIRST_AT_BAR, BAR, MAIN_HALL).astype(object)


def seated(wish: Ints, guests: Ints) -> Ints:
    """Return a table with seats enough for each party; ``wish`` (1 … 28) chooses among those that suit it."""
    table = np.zeros_like(wish)
    least = 0
    for most, sizes in _SUITABLE:
        party = (guests > least) & (guests <= most)
        suitable = np.flatnonzero(np.isin(SEATS, sizes)) + 1
        table[party] = suitable[(wish[party] - 1) % len(suitable)]
        least = most
    return table
