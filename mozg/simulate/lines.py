"""What stands on the checks of one month: dishes, quantities, money, and what was struck out again."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from mozg.simulate.checks import HOUSE, VOID, Checks
from mozg.simulate.goods import costs
from mozg.simulate.odds import odds, prices
from mozg.simulate.people import Person
from mozg.simulate.places import Place
from mozg.simulate.stops import Stops

Ints = npt.NDArray[np.int64]

KEPT, WRITTEN_OFF, STRUCK = range(3)
PAY_CASH, PAY_CARD, PAY_INSTANT, PAY_HOUSE, PAY_NONE = range(5)


@dataclass(frozen=True)
class Lines:
    """Columns of equal length, one element per line; money in kopecks; ``check`` is an index into the checks.

    ``state`` is kept, struck out after cooking (written off) or struck out before; ``reason`` numbers why.
    """

    check: Ints
    product: Ints
    waiter: Ints
    state: Ints
    reason: Ints
    payment: Ints
    quantity: Ints
    gross: Ints
    discount: Ints
    revenue: Ints
    vat: Ints
    cost: Ints


def draw_lines(
    rng: np.random.Generator, place: Place, crew: list[Person], month: date, checks: Checks, stops: Stops
) -> Lines:
    """Draw the lines of ``checks``. A dish stands once on a check per waiter and state, with its quantity."""
    check, product, waiter, state, quantity = _picks(rng, place, crew, month, checks, stops)
    gross = quantity * prices(place, month)[product]
    house = checks.ending[check] == HOUSE
    discount = np.where((state == KEPT) & ~house, gross * checks.discount[check] // 100, 0)
    revenue = np.where((state == KEPT) & ~house, gross - discount, 0)
    return Lines(
        check=check, product=product, waiter=waiter, state=state,
        reason=np.where(state == KEPT, 0, state * 2 - rng.integers(0, 2, len(state))),
        payment=_payments(rng, month, checks, check, state), quantity=quantity, gross=gross, discount=discount,
        revenue=revenue, vat=half_up(revenue * place.vat, 100 + place.vat),
        cost=np.where(state == STRUCK, 0, quantity * costs(month)[product]),
    )  # fmt: skip


def _picks(
    rng: np.random.Generator, place: Place, crew: list[Person], month: date, checks: Checks, stops: Stops
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    habit = np.array([person.generosity for person in crew])[checks.waiter]
    appetite = np.array([1.15, 1.6, 1.75, 1.35])[checks.daypart] * checks.guests * habit + 0.5 * (checks.channel == 2)
    counts = 1 + rng.poisson(np.maximum(appetite - 0.75, 0.15))
    check = np.repeat(np.arange(len(checks)), counts)
    owner = checks.waiter[check]
    wanted = odds(place, crew, month).draw(rng, checks.daypart[check], checks.hot[check], owner)
    product = stops.substitute(wanted, checks.opened[check])
    state = _states(rng, crew, checks, check, owner)
    bartender = next(i for i, person in enumerate(crew) if person.role == "BAR")
    waiter = np.where(rng.random(len(check)) < 0.03, bartender, owner)
    return _merge(check, product, waiter, state, rows=(len(crew), 3))


def _states(rng: np.random.Generator, crew: list[Person], checks: Checks, check: Ints, owner: Ints) -> Ints:
    """Return what became of each pick. The first of a check is always kept, unless the whole check was deleted."""
    first = np.concatenate([[True], check[1:] != check[:-1]])
    chance = 0.008 * np.array([person.voids for person in crew])[owner] * ~first
    struck = np.where(rng.random(len(check)) < 0.4, WRITTEN_OFF, STRUCK)
    state = np.where(rng.random(len(check)) < chance, struck, KEPT)
    return np.where(checks.ending[check] == VOID, STRUCK, state)


def _merge(
    check: Ints, product: Ints, waiter: Ints, state: Ints, rows: tuple[int, int]
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    crew, states = rows
    key = ((check * 1000 + product) * crew + waiter) * states + state
    unique, quantity = np.unique(key, return_counts=True)
    rest, state = np.divmod(unique, states)
    rest, waiter = np.divmod(rest, crew)
    check, product = np.divmod(rest, 1000)
    return check, product, waiter, state, quantity


def _payments(rng: np.random.Generator, month: date, checks: Checks, check: Ints, state: Ints) -> Ints:
    """Return how each line was paid: one means per check, a few checks by two, cash giving way year by year."""
    cash = float(np.clip(0.22 - 0.04 * (month.year - 2024), 0.05, 0.4))
    instant = float(np.clip(0.08 + 0.04 * (month.year - 2024), 0, 0.3))
    means = rng.choice(3, len(checks), p=(cash, 1 - cash - instant, instant))
    mixed = rng.random(len(checks)) < 0.04
    last = np.concatenate([check[1:] != check[:-1], [True]])
    paid = np.where(mixed[check] & last, (means[check] + 1) % 3, means[check])
    paid = np.where(checks.ending[check] == HOUSE, PAY_HOUSE, paid)
    return np.where(state == KEPT, paid, PAY_NONE)


def half_up(numerator: Ints, denominator: int | Ints) -> Ints:
    """Return the quotients rounded to whole kopecks, halves upward."""
    return (2 * numerator + denominator) // (2 * denominator)
