"""Keeping what people say of the menu: portions in a sold unit, and go-lists. Dishes are called by their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from mozg.errors import StoreError
from mozg.store.tables import GoList, ProductPortions, ProductRow

LARGEST = Decimal(1000)


@dataclass(frozen=True)
class Offer:
    """A go-list: its name, the names of its dishes, when and where it is valid, and the share that it should bring."""

    name: str
    dishes: tuple[str, ...]
    starts_on: date
    ends_on: date | None = None
    venue_ids: tuple[int, ...] | None = None
    target: Decimal | None = None


def set_portions(connection: Connection, organization_id: int, portions: Mapping[str, Decimal | None]) -> int:
    """Say how many portions a unit of each dish is, None for no longer; return how many products that was.

    Raises:
        StoreError: no dish has that name, or the number is below zero or above 1,000.
    """
    known = _products(connection, portions)
    rows = [
        {"organization_id": organization_id, "product": product, "portions": _checked(dish, number)}
        for dish, number in portions.items()
        if number is not None
        for product in known[dish]
    ]
    gone = [product for dish, number in portions.items() if number is None for product in known[dish]]
    connection.execute(delete(ProductPortions).where(ProductPortions.product.in_(gone)))
    if rows:
        said = insert(ProductPortions)
        update = {"portions": said.excluded.portions}
        connection.execute(said.on_conflict_do_update(index_elements=["organization_id", "product"], set_=update), rows)
    return len(rows) + len(gone)


def portions(connection: Connection) -> dict[str, Decimal]:
    """Return the portions in a unit that were set, by the name of the dish."""
    query = select(ProductRow.name, ProductPortions.portions).join(
        ProductPortions, ProductPortions.product == ProductRow.external_id
    )
    return dict(connection.execute(query.order_by(ProductRow.name)).tuples().all())


def save_offer(connection: Connection, organization_id: int, offer: Offer) -> None:
    """Keep a go-list, in place of the one of that name if there is one.

    Raises:
        StoreError: a dish is unknown, the list is empty or upside down, or its target is not between 0 and 1.
    """
    _check_offer(offer)
    products = [product for found in _products(connection, offer.dishes).values() for product in found]
    values: dict[str, Any] = {
        "products": products, "starts_on": offer.starts_on, "ends_on": offer.ends_on, "target": offer.target,
        "venue_ids": None if offer.venue_ids is None else list(offer.venue_ids),
    }  # fmt: skip
    said = insert(GoList).values({"organization_id": organization_id, "name": offer.name} | values)
    connection.execute(said.on_conflict_do_update(index_elements=["organization_id", "name"], set_=values))


def offers(connection: Connection) -> list[Offer]:
    """Return all go-lists, the newest first."""
    names = dict(connection.execute(select(ProductRow.external_id, ProductRow.name)).tuples().all())
    query = select(
        GoList.name, GoList.products, GoList.starts_on, GoList.ends_on, GoList.venue_ids, GoList.target
    ).order_by(GoList.starts_on.desc(), GoList.name)
    return [
        Offer(name, _named(products, names), first, last, None if venues is None else tuple(venues), target)
        for name, products, first, last, venues, target in connection.execute(query)
    ]


def remove_offer(connection: Connection, name: str) -> None:
    """Forget a go-list.

    Raises:
        StoreError: there is none of that name.
    """
    if not connection.execute(delete(GoList).where(GoList.name == name)).rowcount:
        raise StoreError(f"There is no go-list {name!r}. `mozg menu go-lists` shows them all.")


def _check_offer(offer: Offer) -> None:
    if not offer.dishes:
        raise StoreError(f"The go-list {offer.name!r} has no dish. Name at least one.")
    if offer.ends_on is not None and offer.ends_on < offer.starts_on:
        raise StoreError(f"The go-list {offer.name!r} ends ({offer.ends_on}) before it begins ({offer.starts_on}).")
    if offer.target is not None and not 0 < offer.target <= 1:
        raise StoreError(f"The target of the go-list {offer.name!r} is {offer.target}, not a share between 0 and 1.")


def _checked(dish: str, number: Decimal) -> Decimal:
    if not 0 <= number <= LARGEST:
        raise StoreError(f"{dish!r} cannot be {number} portions: it is a number from 0 to {LARGEST:,}.")
    return number


def _named(products: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(product, product) for product in products))


def _products(connection: Connection, dishes: Iterable[str]) -> dict[str, list[str]]:
    """Return the products of each dish: several tills may each have their own of that name."""
    known: dict[str, list[str]] = {}
    for name, product in connection.execute(select(ProductRow.name, ProductRow.external_id).order_by(ProductRow.id)):
        known.setdefault(name, []).append(product)
    found = {dish: known.get(dish, []) for dish in dishes}
    for dish, products in found.items():
        if not products:
            close = get_close_matches(dish, known, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise StoreError(f"No till has a dish {dish!r}.{hint}")
    return found
