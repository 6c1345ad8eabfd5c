"""The storerooms: what was delivered, spoiled, counted, and what lay there at the end of each day.

Every good is kept at a par level: suppliers come on their days and bring what is missing. What guests ate and what
was thrown away after cooking takes its goods by the recipes.
"""

import functools
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mozg.simulate.goods import AMOUNTS, GOODS, SUPPLIERS, good_prices
from mozg.simulate.places import Place

Floats = npt.NDArray[np.float64]

WRITE_OFF_REASONS = ("Порча", "Истёк срок годности", "Пролив и бой", "Питание персонала")
#: Weekdays on which each supplier comes; portions that a check has, and days that a par level lasts.
_VISITS = {supplier: (i % 3, 3 + i % 3) for i, supplier in enumerate(SUPPLIERS)}
_PORTIONS, _PAR_DAYS = 3.4, 8.0
_SPOILS = 0.35

PURCHASES = ["business_date", "invoice", "supplier", "good", "quantity", "cost"]
WRITE_OFFS = ["business_date", "document", "good", "quantity", "cost", "reason"]
COUNTS = ["business_date", "document", "good", "quantity", "cost", "book"]


@dataclass
class Ledger:
    """The documents of one storeroom. Quantities in the good's unit, costs in kopecks, VAT excluded."""

    purchases: list[tuple[Any, ...]] = field(default_factory=list)
    write_offs: list[tuple[Any, ...]] = field(default_factory=list)
    counts: list[tuple[Any, ...]] = field(default_factory=list)
    balances: list[tuple[date, Floats]] = field(default_factory=list)

    def frames(self, venue: int) -> dict[str, pd.DataFrame]:
        """Return the documents as frames by name; ``good`` is a row number of `GOODS`."""
        found: dict[str, pd.DataFrame] = {
            "purchases": pd.DataFrame(self.purchases, columns=PURCHASES),
            "write_offs": pd.DataFrame(self.write_offs, columns=WRITE_OFFS),
            "stock_counts": pd.DataFrame(self.counts, columns=COUNTS),
            "balances": self._balances(),
        }
        return {name: _dated(frame).assign(venue=venue) for name, frame in found.items()}

    def _balances(self) -> pd.DataFrame:
        stock = np.array([row for _, row in self.balances])
        worth = np.array([row * _prices(day.year, day.month) for day, row in self.balances])
        return pd.DataFrame(
            {
                "business_date": np.repeat([day for day, _ in self.balances], len(GOODS)),
                "good": np.tile(np.arange(len(GOODS)), len(stock)),
                "quantity": stock.ravel(),
                "cost": np.rint(worth.ravel()).astype(np.int64),
            }
        )


def keep_books(seed: int, venue: int, place: Place, eaten: dict[date, Floats], first: date, last: date) -> Ledger:
    """Keep the books of one storeroom; ``eaten`` is what each day's dishes took of each good."""
    ledger, par = Ledger(), np.round(place.checks * _PORTIONS * _PAR_DAYS * AMOUNTS.mean(axis=0), 1) + 1.0
    stock, nothing = par.copy(), np.zeros(len(GOODS))
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        rng = np.random.default_rng([seed, venue, day.toordinal(), 5])
        stock = stock + _delivered(ledger, day, par - stock)
        stock = stock - eaten.get(day, nothing) - _spoiled(ledger, rng, day, par)
        if (day + timedelta(1)).day == 1:
            stock = _counted(ledger, rng, day, stock, par)
        ledger.balances.append((day, np.round(stock, 3)))
    return ledger


def _delivered(ledger: Ledger, day: date, missing: Floats) -> Floats:
    brought = np.zeros(len(GOODS))
    for supplier in (name for name, weekdays in _VISITS.items() if day.weekday() in weekdays):
        for i, good in enumerate(GOODS):
            if good.supplier == supplier and missing[i] > 0:
                brought[i] = np.ceil(missing[i] * 2) / 2
                invoice = f"ПН-{day:%y%m%d}-{SUPPLIERS.index(supplier) + 1}"
                ledger.purchases.append((day, invoice, supplier, i, brought[i], _worth(brought[i], i, day)))
    return brought


def _spoiled(ledger: Ledger, rng: np.random.Generator, day: date, par: Floats) -> Floats:
    lost = np.zeros(len(GOODS))
    if rng.random() < _SPOILS:
        good, reason = int(rng.integers(len(GOODS))), int(rng.integers(len(WRITE_OFF_REASONS)))
        lost[good] = round(float(par[good] * rng.uniform(0.005, 0.03)) + 0.05, 3)
        worth = _worth(lost[good], good, day)
        ledger.write_offs.append((day, f"АС-{day:%y%m%d}", good, lost[good], worth, WRITE_OFF_REASONS[reason]))
    return lost


def _counted(ledger: Ledger, rng: np.random.Generator, day: date, stock: Floats, par: Floats) -> Floats:
    """Return what is really there on a month's last day: a little less than the books say, rarely more."""
    found = np.maximum(np.round(stock - par * rng.normal(0.01, 0.012, len(GOODS)), 3), 0.0)
    for good, (quantity, book) in enumerate(zip(found, np.round(stock, 3), strict=True)):
        ledger.counts.append((day, f"ИН-{day:%y%m}", good, quantity, _worth(quantity, good, day), book))
    return found


def _worth(quantity: float, good: int, day: date) -> int:
    return round(float(quantity) * int(_prices(day.year, day.month)[good]))


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(business_date=pd.to_datetime(frame["business_date"]).astype("datetime64[s]"))


@functools.cache
def _prices(year: int, month: int) -> npt.NDArray[np.int64]:
    return good_prices(date(year, month, 1))
