"""What a chain keeps books of besides its checks, worked out from its seed and its lines; see `Chain`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mozg.simulate import rota, stock
from mozg.simulate.goods import AMOUNTS, GOODS
from mozg.simulate.identity import guid
from mozg.simulate.lines import STRUCK
from mozg.simulate.people import crew
from mozg.simulate.places import Place, places
from mozg.simulate.rota import days_of
from mozg.simulate.stops import stops_of

if TYPE_CHECKING:
    from mozg.simulate.chain import Chain

#: What a manager is paid a month, in kopecks.
SALARY = 9_000_000
KINDS = ("cash", "card", "non_cash", "write_off")


def goods(chain: Chain) -> pd.DataFrame:
    """Return what is bought."""
    rows = [(guid(chain.seed, "good", good.name), good.name, good.unit, good.supplier) for good in GOODS]
    return pd.DataFrame(rows, columns=["external_id", "name", "unit", "supplier"])


def stops(chain: Chain) -> pd.DataFrame:
    """Return the stop list's history."""
    months = pd.period_range(chain.first, chain.last, freq="M")
    found = [_stops(chain.seed, venue, month) for venue in range(len(chain.venues)) for month in months]
    rows = pd.concat(found, ignore_index=True)
    opened = pd.to_datetime(chain.venues["opened_on"]).to_numpy()[rows["venue"]]
    first = np.maximum(opened, np.datetime64(chain.first))
    inside = (rows["business_date"] >= first) & (rows["business_date"] <= pd.Timestamp(chain.last))
    return rows[inside].reset_index(drop=True)


def _stops(seed: int, venue: int, month: pd.Period) -> pd.DataFrame:
    one = stops_of(seed, venue, days_of(month))
    day = one.started.astype("datetime64[D]").astype("datetime64[s]")
    return pd.DataFrame(
        {"venue": venue, "business_date": day, "product": one.product, "started_at": one.started, "ended_at": one.ended}
    )


def attendances(chain: Chain) -> pd.DataFrame:
    """Return who was at work when, numbered like ``chain.employees``."""
    found, before = [], 0
    for venue, place in enumerate(_houses(chain)):
        people = crew(chain.seed, venue, place)
        rows = rota.attendances(chain.seed, venue, people, chain.first, chain.last)
        found.append(rows.assign(employee=rows["employee"] + before))
        before += len(people)
    return pd.concat(found, ignore_index=True)


def cash_shifts(chain: Chain) -> pd.DataFrame:
    """Return one cash shift per venue and business date, with what was taken by each kind of payment."""
    keys = ["venue", "business_date"]
    money = chain.payments.pivot_table(index=keys, columns="kind", values="amount", aggfunc="sum")
    hours = chain.receipts.groupby(keys).agg(opened_at=("opened_at", "min"), closed_at=("closed_at", "max"))
    shifts = hours.join(money.reindex(columns=list(KINDS)).fillna(0).astype(np.int64)).fillna(0).reset_index()
    opening = pd.to_datetime(chain.venues["opened_on"]).to_numpy()[shifts["venue"]]
    number = (shifts["business_date"] - opening).dt.days + 1
    ids = [guid(chain.seed, "shift", venue, nth) for venue, nth in zip(shifts["venue"], number, strict=True)]
    return shifts.astype(dict.fromkeys(KINDS, np.int64)).assign(number=number, external_id=ids)


def storerooms(chain: Chain) -> dict[str, pd.DataFrame]:
    """Return the documents of every storeroom by name: purchases, write_offs, stock_counts, balances."""
    houses = _houses(chain)
    found = [_storeroom(chain, venue, place) for venue, place in enumerate(houses) if place.opened_on <= chain.last]
    return {name: pd.concat([one[name] for one in found], ignore_index=True) for name in found[0]}


def _storeroom(chain: Chain, venue: int, place: Place) -> dict[str, pd.DataFrame]:
    items = chain.items[(chain.items["venue"] == venue) & (chain.items["state"] != STRUCK)]
    portions = items.pivot_table(index="business_date", columns="product", values="quantity", aggfunc="sum")
    taken = portions.reindex(columns=range(len(AMOUNTS))).fillna(0).to_numpy() @ AMOUNTS
    eaten: dict[date, np.ndarray] = {
        day.date(): row for day, row in zip(portions.index, np.round(taken, 3), strict=True)
    }
    first = max(chain.first, place.opened_on)
    return stock.keep_books(chain.seed, venue, place, eaten, first, chain.last).frames(venue)


def _houses(chain: Chain) -> list[Place]:
    return places(len(chain.venues))


def expenses(chain: Chain) -> pd.DataFrame:
    """Return what running the restaurants costs besides goods: rent, power, advertising, cleaning, wages."""
    days = pd.date_range(chain.first, chain.last)
    rows = [row for venue, place in enumerate(_houses(chain)) for day in days for row in _spent(venue, place, day)]
    fixed = pd.DataFrame(rows, columns=["venue", "business_date", "account", "counterparty", "amount"])
    return pd.concat([fixed, _wages(chain)], ignore_index=True)


def _spent(venue: int, place: Place, day: pd.Timestamp) -> list[tuple[int, pd.Timestamp, str, str, int]]:
    if day.date() < place.opened_on:
        return []
    scale = place.checks * place.price_level * 100
    cold = 1 + 0.3 * float(np.cos(2 * np.pi * (day.month - 1) / 12))
    due = {
        1: ("Аренда", "ООО «Арендатор»", 4_400 * scale),
        10: ("Коммунальные услуги", "АО «Энергосбыт»", 700 * scale * cold),
        15: ("Реклама", "ИП Афишин", 480 * scale),
        25: ("Уборка и вывоз мусора", "ООО «Чистота»", 260 * scale),
    }
    account, counterparty, amount = due.get(day.day, ("", "", 0.0))
    return [(venue, day, account, counterparty, round(amount))] if account else []


def _wages(chain: Chain) -> pd.DataFrame:
    """Return each day's hourly wages; salaries are paid on the fifth."""
    earned = chain.attendances.assign(amount=chain.attendances["pay"].fillna(0).astype(np.int64))
    hourly = earned.groupby(["venue", "business_date"], as_index=False)["amount"].sum()
    hourly["account"] = "Заработная плата"
    paydays = pd.date_range(chain.first, chain.last)
    fifth = [day for day in paydays if day.day == 5]
    salaries = pd.DataFrame(
        [(venue, day, SALARY, "Оклад управляющего") for venue in range(len(chain.venues)) for day in fifth],
        columns=["venue", "business_date", "amount", "account"],
    )
    opened = pd.to_datetime(chain.venues["opened_on"]).to_numpy()[salaries["venue"].astype(int)]
    salaries = salaries[salaries["business_date"] >= opened]
    return pd.concat([hourly[hourly["amount"] > 0], salaries]).assign(counterparty=None)
