"""What r_keeper's words of payment and of order types stand for on our side."""

import functools
import re
from typing import Literal

from mozg.pos.rkeeper.references import References

Kind = Literal["cash", "card", "non_cash", "write_off", "unknown"]

#: PAYMENTS.PAYLINETYPE: cash, bank cards, hotel cards, payment cards, non-cash, coupons, dishes bought back.
_BY_LINE: dict[int, Kind] = {
    0: "cash", 1: "card", 2: "non_cash", 3: "non_cash", 5: "non_cash", 6: "non_cash", 7: "non_cash",
}  # fmt: skip
#: Change that was never given, which reports leave out.
FICTITIOUS = 4

_HOUSE = re.compile(
    r"неплат|представит|за сч[её]т завед|комплимент|defaulter|non.?pay|complimentary|on the house", re.I
)
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("non_cash", re.compile(r"безнал|сбп|non.?cash|cashless|онлайн|online|бонус|сертификат", re.IGNORECASE)),
    ("card", re.compile(r"карт|card|visa|master|мир\b", re.IGNORECASE)),
    ("cash", re.compile(r"налич|cash", re.IGNORECASE)),
)
_CARRIED = re.compile(r"собой|вынос|самовывоз|take.?(away|out)|to.?go|pick.?up", re.IGNORECASE)
_DELIVERED = re.compile(r"доставк|deliver|курьер|courier", re.IGNORECASE)


def is_on_the_house(references: References, currency: int) -> bool:
    """Whether a currency is one of *non-payers*: what it pays was on the house, for staff or owners."""
    return any(_is_house(name) for name in _names(references, currency))


@functools.lru_cache(maxsize=512)
def _is_house(name: str) -> bool:
    return _HOUSE.search(name) is not None


def payment_kind(references: References, currency: int, line_type: int | None) -> Kind:
    """Return the kind of a payment: as the payment's own line says, else as its currency and type are called."""
    if is_on_the_house(references, currency):
        return "write_off"
    if line_type in _BY_LINE:
        return _BY_LINE[line_type]
    names = _names(references, currency)
    return next((kind for kind, words in _WORDS if any(words.search(name) for name in names)), "unknown")


def _names(references: References, currency: int) -> list[str]:
    item = references.items("CURRENCIES").get(currency)
    kind = references.name("CURRENCYTYPES", item.parent) if item else None
    return [name for name in (kind, item.name if item else None) if name]


def channel(references: References, order_type: int, category: int) -> str | None:
    """Return how an order was served, by the names of its type and its category; None where it has neither."""
    names = (references.name("CHANGEABLEORDERTYPES", order_type), references.name("UNCHANGEABLEORDERTYPES", category))
    known = [name for name in names if name]
    if not known:
        return None
    if any(_DELIVERED.search(name) for name in known):
        return "delivery"
    return "takeaway" if any(_CARRIED.search(name) for name in known) else "dine_in"
