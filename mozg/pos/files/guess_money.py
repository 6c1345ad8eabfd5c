"""Which column is a unit price, which the total of a line, which the total of a receipt: told by arithmetic."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import repeat

from mozg.errors import MappingError

from .profile import Profile
from .sight import Sight
from .vocabulary import fit

Numbers = Sequence[Decimal | None]
Findings = dict[str, tuple[str, str]]

AGREEMENT = 0.9
TOLERANCE = Decimal("0.011")


def line_money(sight: Sight) -> Findings:
    """Return ``{role: (column, why)}`` for the money of an export with one row per line item."""
    price = sight.of("unit_price")
    found: Findings = {}
    for name in sight.amounts:
        role, why = _amount_role(sight, sight.profiles[name], price)
        if role and role not in found:
            found[role] = (name, why)
    if price and "line_total" not in found:
        found |= _price_alone(sight, price)
    for role in ("discount", "vat"):
        profile = sight.of(role)
        if profile:
            found |= _beside(sight, profile, role)
    return found


def receipt_money(sight: Sight) -> Findings:
    """Return ``{role: (column, why)}`` for the money of an export with one row per receipt."""
    found: Findings = {}
    if sight.amounts:
        name = sight.amounts[0]
        others = ", ".join(repr(other) for other in sight.amounts[1:])
        found["total"] = (name, f"the name that says most surely what was to be paid; not {others}" if others else "")
    for role in ("discount", "vat"):
        if profile := sight.of(role):
            found[f"total_{role}"] = (profile.name, "")
    return found


def _amount_role(sight: Sight, amount: Profile, price: Profile | None) -> tuple[str | None, str]:
    values = amount.numbers
    if price:
        expected = _products(sight, price)
        if (share := _agreement(values, expected)) >= AGREEMENT:
            return _gross_or_total(sight, f"equals quantity × price in {share:.1%} of the rows")
        if _agreement(values, _less_discount(sight, expected)) >= AGREEMENT:
            return "line_total", "equals quantity × price less the discount"
        if _agreement(*_per_receipt(sight, values, expected)) >= AGREEMENT:
            return "total", "equals the sum of quantity × price over the rows of a receipt"
    if fit(amount.name, "amount") < 1:
        return None, ""
    if _is_per_receipt(sight, values):
        return "total", "is the same on all rows of a receipt"
    return "line_total", "differs within a receipt, so it belongs to the line"


def _gross_or_total(sight: Sight, why: str) -> tuple[str | None, str]:
    """A total that is quantity × price although something was taken off is the value before the discount."""
    discount = sight.of("discount")
    if discount and any(discount.numbers) and not _is_per_receipt(sight, discount.numbers):
        return None, ""
    return "line_total", why


def _price_alone(sight: Sight, price: Profile) -> Findings:
    unit, total = _price_votes(sight, price)
    if min(unit, total) > 0.2 * max(unit, total):
        raise MappingError(
            f"{sight.export.tables[0].path.name}, column {price.name!r}: for the same dish it grows with the quantity "
            f"in {total} rows and does not in {unit}, so it may be a unit price or the total of the line. Write a "
            "mapping with unit_price or line_total."
        )
    if total > unit:
        why = f"already the total of the line: for the same dish, {total} rows with more pieces cost so many times more"
        return {"line_total": (price.name, why)}
    why = f"a unit price: for the same dish, {unit} rows with more pieces show the same price" if unit else ""
    return {"unit_price": (price.name, why)}


def _price_votes(sight: Sight, price: Profile) -> tuple[int, int]:
    """Count rows of several pieces whose price is known for one piece of the dish, as it stands and divided."""
    item, quantity = sight.of("item"), sight.of("quantity")
    if item is None or quantity is None:
        return 0, 0
    rows = [row for row in zip(item.cells, quantity.numbers, price.numbers, strict=True) if row[1] and row[2]]
    single: defaultdict[str, set[Decimal]] = defaultdict(set)
    for dish, count, value in rows:
        if count == 1 and value is not None:
            single[dish].add(value)
    unit = total = 0
    for dish, count, value in rows:
        if count is None or value is None or count <= 1:
            continue
        whole, part = value in single[dish], _is_near(value / count, single[dish])
        unit, total = unit + (whole and not part), total + (part and not whole)
    return unit, total


def _is_near(value: Decimal, known: Iterable[Decimal]) -> bool:
    return any(abs(value - other) < TOLERANCE for other in known)


def _beside(sight: Sight, profile: Profile, role: str) -> Findings:
    if _is_per_receipt(sight, profile.numbers):
        return {f"total_{role}": (profile.name, "is the same on all rows of a receipt")}
    return {f"line_{role}": (profile.name, "differs within a receipt, so it belongs to the line")}


def _quantities(sight: Sight) -> Iterable[Decimal | None]:
    quantity = sight.of("quantity")
    return quantity.numbers if quantity else repeat(Decimal(1))


def _products(sight: Sight, price: Profile) -> list[Decimal | None]:
    return [_both(lambda a, b: a * b, a, b) for a, b in zip(price.numbers, _quantities(sight), strict=False)]


def _less_discount(sight: Sight, values: Numbers) -> list[Decimal | None]:
    discount = sight.of("discount")
    if discount is None:
        return [None] * len(values)
    return [_both(lambda a, b: a - abs(b), a, b) for a, b in zip(values, discount.numbers, strict=True)]


def _both(combine: Callable[[Decimal, Decimal], Decimal], one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else combine(one, other)


def _agreement(values: Numbers, expected: Numbers) -> float:
    pairs = [(a, b) for a, b in zip(values, expected, strict=True) if a is not None and b is not None]
    return sum(abs(a - b) < TOLERANCE for a, b in pairs) / len(pairs) if pairs else 0.0


def _per_receipt(sight: Sight, values: Numbers, expected: Numbers) -> tuple[Numbers, Numbers]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, Decimal | None] = {}
    for receipt, value, part in zip(sight.profiles[sight.roles["receipt"]].cells, values, expected, strict=True):
        sums[receipt] += part or 0
        first.setdefault(receipt, value)
    return list(first.values()), [sums[receipt] for receipt in first]


def _is_per_receipt(sight: Sight, values: Numbers) -> bool:
    """Whether nearly all receipts of several rows show one and the same value on all of them."""
    seen: defaultdict[str, list[Decimal | None]] = defaultdict(list)
    for receipt, value in zip(sight.profiles[sight.roles["receipt"]].cells, values, strict=True):
        seen[receipt].append(value)
    several = [shown for shown in seen.values() if len(shown) > 1 and any(shown)]
    same = sum(all(value == shown[0] for value in shown) for shown in several)
    return len(several) >= 2 and same >= AGREEMENT * len(several)
