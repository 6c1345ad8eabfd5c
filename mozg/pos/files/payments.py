"""The kind of a payment from the name that a till gives it."""

from typing import Literal

Kind = Literal["cash", "card", "non_cash", "write_off", "unknown"]

_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("write_off", ("on the house", "complimentary", "за счет", "за счёт", "представ")),
    ("non_cash", ("non-cash", "non cash", "online", "wallet", "transfer", "безнал", "сбп", "онлайн")),
    ("card", ("card", "visa", "mastercard", "карт")),
    ("cash", ("cash", "налич")),
)


def payment_kind(method: str) -> Kind:
    """Return the kind that the name states, or ``unknown``."""
    name = method.casefold()
    return next((kind for kind, words in _WORDS if any(word in name for word in words)), "unknown")
