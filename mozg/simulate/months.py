"""One month of one restaurant as it will stay for ever: its own random stream, nothing of other months."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from mozg.simulate.checks import CHANNELS, DISCOUNTS, REFUND, SALE, VOID, Checks, draw_checks, forgetful
from mozg.simulate.identity import guids
from mozg.simulate.lines import KEPT, Lines, draw_lines
from mozg.simulate.people import Person
from mozg.simulate.places import Place
from mozg.simulate.rooms import hall_of
from mozg.simulate.stops import stops_of
from mozg.simulate.weather import Days

STATUSES = np.array(["sale", "sale", "void", "refund"], dtype=object)
MONEY = ["gross", "discount", "revenue", "vat", "cost"]


def month_of(seed: int, venue: int, place: Place, crew: list[Person], month: Days) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the month's receipts and items; ``items.receipt`` is the position of its receipt."""
    first: date = month.dates[0].item()
    rng = np.random.default_rng([seed, venue, first.year, first.month])
    checks = draw_checks(rng, place, crew, month)
    lines = draw_lines(rng, place, crew, first, checks, stops_of(seed, venue, month.dates))
    checks = forgetful(np.random.default_rng([seed, venue, first.year, first.month, 3]), checks)
    checks, lines = _with_refunds(rng, checks, lines)
    receipts = _receipts(rng, month, checks)
    items = pd.DataFrame({field.name: getattr(lines, field.name) for field in fields(lines)})
    items = items.rename(columns={"check": "receipt"})
    items["business_date"] = receipts["business_date"].to_numpy()[lines.check]
    return receipts.join(_totals(checks, lines)), items


def _with_refunds(rng: np.random.Generator, checks: Checks, lines: Lines) -> tuple[Checks, Lines]:
    """Add a return check for about one sale in 300: the kept lines again, with the opposite sign."""
    whole = np.flatnonzero((checks.ending == SALE) & (rng.random(len(checks)) < 0.0035))
    position = np.full(len(checks), -1)
    position[whole] = len(checks) + np.arange(len(whole))
    again = np.flatnonzero((position[lines.check] >= 0) & (lines.state == KEPT))
    back = _take(checks, whole)
    opened = back.closed + rng.integers(300, 2400, len(whole)).astype("timedelta64[s]")
    back = replace(back, opened=opened, closed=opened + np.timedelta64(90, "s"), guests=back.guests * 0,
                   ending=np.full(len(whole), REFUND))  # fmt: skip
    copies = _take(lines, again)
    opposite = {name: -getattr(copies, name) for name in ["quantity", *MONEY]}
    copies = replace(copies, check=position[copies.check], **opposite)
    return _join(checks, back), _join(lines, copies)


def _take(columns: Any, at: Any) -> Any:
    return replace(columns, **{field.name: getattr(columns, field.name)[at] for field in fields(columns)})


def _join(one: Any, other: Any) -> Any:
    names = [field.name for field in fields(one)]
    return replace(one, **{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names})


def _receipts(rng: np.random.Generator, month: Days, checks: Checks) -> pd.DataFrame:
    number = np.empty(len(checks), dtype=np.int64)
    number[np.argsort(checks.opened, kind="stable")] = np.arange(1, len(checks) + 1)
    hall = checks.channel == 0
    return pd.DataFrame(
        {
            "external_id": guids(rng, len(checks)),
            "business_date": month.dates[checks.day].astype("datetime64[s]"),
            "opened_at": checks.opened,
            "closed_at": checks.closed,
            "number": number,
            "status": STATUSES[checks.ending],
            "guests": checks.guests,
            "waiter": checks.waiter,
            "table": pd.Series(checks.table, dtype="Int64").where(hall),
            "hall": pd.Series(hall_of(checks.table)).where(hall, None),
            "channel": np.array(CHANNELS, dtype=object)[checks.channel],
            "discount_type": np.array(DISCOUNTS, dtype=object)[checks.deal],
        }
    )


def _totals(checks: Checks, lines: Lines) -> pd.DataFrame:
    """Return the money of each check: its kept lines, or for a deleted check the value of all that was on it."""
    counted = (lines.state == KEPT) | (checks.ending[lines.check] == VOID)
    totals = {}
    for name in MONEY:
        sums = np.zeros(len(checks), dtype=np.int64)
        np.add.at(sums, lines.check[counted], getattr(lines, name)[counted])
        totals[name] = sums
    return pd.DataFrame(totals)
