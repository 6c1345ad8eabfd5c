"""Numbers as people and tills write them, read into exact decimals."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

DecimalMark = Literal[".", ","]

CENT = Decimal("0.01")
THOUSANDTH = Decimal("0.001")

_CURRENCY = r"(?:[$€£¥₽₹₩₺₴₸₪฿₫₦₱₾₼]|[^\W\d_]{1,4}\.?)"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})


@cache
def _pattern(decimal: DecimalMark) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape("," if decimal == "." else ".")
    whole = rf"[1-9]\d{{0,2}}(?:{group}\d{{2,3}})*{group}\d{{3}}|[1-9]\d{{0,2}}(?:[ ']\d{{3}})+|\d+"
    number = rf"(?P<whole>{whole})?(?:{point}(?P<part>\d*))?(?P<power>[eE][-+]?\d{{1,3}})?"
    sign, currency = r"(?P<{}>[-+])?", rf"(?:{_CURRENCY})?"
    return re.compile(
        rf"(?P<open>\()?\s*{sign.format('before')}\s*{currency}\s*{sign.format('after')}{number}"
        rf"\s*{currency}\s*(?P<last>-)?\s*(?P<close>\))?"
    )


def parse_number(text: str, decimal: DecimalMark = ".") -> Decimal:
    """Return the number that ``text`` states, such as ``"$2.39 "``, ``"1 234,50 ₽"``, ``"(12.00)"``, ``"1,30,265.00"``.

    ``decimal`` is the decimal mark; the other mark may only separate groups of digits. Parentheses and a minus on
    either side make it negative. Raises ``ValueError`` when the text is anything else.
    """
    found = _pattern(decimal).fullmatch(text.strip().translate(_MINUS))
    if not found or not (found["whole"] or found["part"]) or bool(found["open"]) != bool(found["close"]):
        raise ValueError(f"{text!r} is not a number")
    whole = re.sub(r"\D", "", found["whole"] or "0")
    part = f".{found['part']}" if found["part"] else ""
    value = Decimal(f"{whole}{part}{found['power'] or ''}")
    negative = found["open"] or "-" in (found["before"], found["after"], found["last"])
    return -value if negative else value


def money(value: Decimal) -> Decimal:
    """Round to cents, halves away from zero, as tills print it: 3.5999999999999996 → 3.60, -0.005 → -0.01."""
    return value.quantize(CENT, ROUND_HALF_UP)


def quantity(value: Decimal) -> Decimal:
    """Round to grams of a kilogram, halves away from zero, which removes the noise of binary fractions."""
    exponent = value.as_tuple().exponent
    return value.quantize(THOUSANDTH, ROUND_HALF_UP) if isinstance(exponent, int) and exponent < -3 else value


def reads_as_number(text: str, decimal: DecimalMark) -> bool:
    """Whether `parse_number` reads ``text``."""
    try:
        parse_number(text, decimal)
    except ValueError:
        return False
    return True


def decimal_mark_of(values: Iterable[str], otherwise: DecimalMark) -> DecimalMark:
    """Return the decimal mark that distinct numbers ``values`` use; ``otherwise`` when each can be read both ways.

    ``"1,234"`` may be a thousand or a bit more than one; ``"12,5"`` and ``"0,350"`` may not.
    """
    votes = {".": 0, ",": 0}
    for text in values:
        with_point, with_comma = reads_as_number(text, "."), reads_as_number(text, ",")
        if with_point != with_comma:
            votes["." if with_point else ","] += 1
    if votes["."] == votes[","]:
        return otherwise
    return "," if votes[","] > votes["."] else "."
