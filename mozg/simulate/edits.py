"""What happens to checks after the fact. Every function takes a chain and returns a changed copy of it.

A till that is served the copy (see `mozg.simulate.serving.Served.replace`) tells the new truth from then on.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from mozg.simulate.chain import Chain, payments_of
from mozg.simulate.goods import costs
from mozg.simulate.identity import guid
from mozg.simulate.lines import KEPT, PAY_CARD, PAY_HOUSE, PAY_NONE, STRUCK, half_up
from mozg.simulate.months import MONEY
from mozg.simulate.odds import prices
from mozg.simulate.places import Place, places

Mask = npt.NDArray[np.bool_]


def edited(chain: Chain, seed: int, number: int, days: int = 30) -> Chain:
    """Return the chain after ``number`` random edits of different checks of its last ``days`` days.

    A quarter each: a line's quantity grows by one, a line is struck out, a check becomes void, a check disappears.
    """
    rng = np.random.default_rng([seed, chain.seed])
    recent = chain.receipts["business_date"] > pd.Timestamp(chain.last - timedelta(days))
    some = np.flatnonzero(recent & (chain.receipts["status"] == "sale"))
    chosen = rng.choice(some, min(number, len(some)), replace=False)
    grown, shrunk, voided, gone = np.array_split(chosen, 4)
    items = _struck(_grown(chain.items, _one_line_of(chain, grown)), _one_line_of(chain, shrunk))
    items, receipts = _voided(items, chain.receipts, voided)
    return without(rebuilt(chain, receipts, items), gone)


def without(chain: Chain, receipts: npt.NDArray[np.int64]) -> Chain:
    """Return the chain without these receipts (row numbers): deleted at the till without a trace."""
    kept = np.ones(len(chain.receipts), dtype=bool)
    kept[receipts] = False
    number = np.cumsum(kept) - 1
    items = chain.items[kept[chain.items["receipt"]]]
    return rebuilt(chain, chain.receipts[kept].reset_index(drop=True), items.assign(receipt=number[items["receipt"]]))


def sold(
    chain: Chain, venue: int, closed_at: datetime, dishes: Sequence[tuple[int, int]], business_date: date | None = None
) -> Chain:
    """Return the chain with one check more, closed at ``closed_at`` (local) and paid by card.

    ``dishes`` are row numbers of ``products`` with quantities; the business date is the chain's last unless given.
    """
    day = business_date or chain.last
    check = _check(chain, venue, day, closed_at)
    lines = _lines_of(check.iloc[0], len(chain.receipts), places(len(chain.venues))[venue], day, dishes)
    receipts = pd.concat([chain.receipts, check], ignore_index=True)
    return rebuilt(chain, receipts, pd.concat([chain.items, lines], ignore_index=True))


def _check(chain: Chain, venue: int, day: date, closed_at: datetime) -> pd.DataFrame:
    number = len(chain.receipts)
    waiter = int(chain.receipts.loc[chain.receipts["venue"] == venue, "waiter"].iloc[-1])
    return chain.receipts.iloc[[-1]].assign(
        external_id=guid(chain.seed, "check", number, closed_at), business_date=np.datetime64(day, "s"), venue=venue,
        opened_at=np.datetime64(closed_at - timedelta(minutes=40), "s"), closed_at=np.datetime64(closed_at, "s"),
        number=number, status="sale", guests=1, waiter=waiter, table=1, hall=chain.tables["hall"][0],
        channel="dine_in", discount_type=None,
    )  # fmt: skip


def _lines_of(
    check: pd.Series, receipt: int, place: Place, day: date, dishes: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    product, quantity = (np.array(column) for column in zip(*dishes, strict=True))
    gross = quantity * prices(place, day)[product]
    return pd.DataFrame(
        {"receipt": receipt, "product": product, "waiter": check["waiter"], "state": KEPT, "reason": 0,
         "payment": PAY_CARD, "quantity": quantity, "gross": gross, "discount": 0, "revenue": gross,
         "vat": half_up(gross * place.vat, 100 + place.vat), "cost": quantity * costs(day)[product],
         "business_date": check["business_date"], "venue": check["venue"]}
    )  # fmt: skip


def forgotten_shift(chain: Chain, venue: int, first: date, days: int) -> Chain:
    """Return the chain as if nobody had closed the cash shift of ``first``: the next ``days`` days belong to it."""
    opened = pd.Timestamp(first)

    def booked(frame: pd.DataFrame) -> pd.DataFrame:
        late = frame["business_date"].between(opened, opened + timedelta(days)) & (frame["venue"] == venue)
        return frame.assign(business_date=frame["business_date"].where(~late, opened))

    return rebuilt(chain, booked(chain.receipts), booked(chain.items))


def clock_put_back(chain: Chain, venue: int, night: date) -> Chain:
    """Return the chain as if the clocks of ``venue`` had gone from 3:00 back to 2:00 in the morning of ``night``.

    What was opened or closed in the four hours after that stands on the checks an hour earlier.
    """
    change = pd.Timestamp(night) + timedelta(hours=3)
    receipts = chain.receipts.copy()
    for name in ("opened_at", "closed_at"):
        after = (receipts["venue"] == venue) & receipts[name].between(change, change + timedelta(hours=4))
        receipts[name] = receipts[name].where(~after, receipts[name] - timedelta(hours=1))
    return replace(chain, receipts=receipts)


def surcharged(chain: Chain, receipts: npt.NDArray[np.int64], percent: int) -> Chain:
    """Return the chain as if so many percent had been added to what guests paid of these receipts (row numbers)."""
    items = chain.items
    rows = items["receipt"].isin(receipts) & (items["state"] == KEPT) & (items["payment"] != PAY_HOUSE)
    added = items["gross"].where(rows, 0) * percent // 100
    items = items.assign(surcharge=added, gross=items["gross"] + added, revenue=items["revenue"] + added)
    rate = items["venue"].map(chain.venues["vat"]).to_numpy()
    vat = half_up(items["revenue"].to_numpy() * rate, 100 + rate)
    return rebuilt(chain, chain.receipts, items.assign(vat=items["vat"].where(~rows, vat)))


def not_costed(chain: Chain, since: date) -> Chain:
    """Return the chain as before its documents are posted: nothing sold from ``since`` on has a cost."""
    late = chain.items["business_date"] >= pd.Timestamp(since)
    return rebuilt(chain, chain.receipts, chain.items.assign(cost=chain.items["cost"].where(~late, 0)))


def clocked_anew(chain: Chain, attendance: int) -> Chain:
    """Return the chain after somebody corrected an attendance (row number), which gives it another identifier."""
    attendances = chain.attendances.copy()
    attendances.loc[attendance, "external_id"] = guid(chain.seed, "corrected", attendance)
    changed = replace(chain)
    vars(changed)["attendances"] = attendances  # as if it had been worked out
    return changed


def rebuilt(chain: Chain, receipts: pd.DataFrame, items: pd.DataFrame) -> Chain:
    """Return the chain with these receipts and lines; receipts' money and the payments follow from the lines."""
    void = (receipts["status"] == "void").to_numpy()
    counted = items[(items["state"] == KEPT) | void[items["receipt"]]]
    totals = counted.groupby("receipt")[MONEY].sum().reindex(range(len(receipts)), fill_value=0)
    receipts = receipts.assign(**{name: totals[name].to_numpy() for name in MONEY})
    return replace(chain, receipts=receipts, items=items, payments=payments_of(receipts, items))


def _one_line_of(chain: Chain, receipts: npt.NDArray[np.int64]) -> Mask:
    lines = chain.items
    some = lines[lines["receipt"].isin(receipts) & (lines["state"] == KEPT)]
    last = some.drop_duplicates("receipt", keep="last")
    return lines.index.isin(last.index)


def _grown(items: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    items = items.copy()
    quantity = items.loc[rows, "quantity"]
    for name in MONEY:
        items.loc[rows, name] = items.loc[rows, name] * (quantity + 1) // quantity
    paid = rows & (items["payment"] != PAY_HOUSE)  # what is on the house stays so
    items.loc[paid, "revenue"] = items.loc[paid, "gross"] - items.loc[paid, "discount"]
    items.loc[rows, "quantity"] = quantity + 1
    return items


def _struck(items: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    items = items.copy()
    items.loc[rows, ["discount", "revenue", "vat", "cost"]] = 0
    items.loc[rows, ["state", "reason", "payment"]] = STRUCK, 2 * STRUCK, PAY_NONE
    return items


def _voided(
    items: pd.DataFrame, receipts: pd.DataFrame, chosen: npt.NDArray[np.int64]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    receipts = receipts.copy()
    receipts.loc[chosen, "status"] = "void"
    rows = items["receipt"].isin(chosen) & (items["state"] == KEPT)
    return _struck(items, rows.to_numpy()), receipts
