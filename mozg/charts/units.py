"""Numbers and money as people read them: ``€1.2M``, ``340 тыс. ₽``, ``+12.3%``."""

import functools
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
)

from mozg.charts.words import Noun, counted, pointed_at
from mozg.language import Words, words

MISSING = "—"
# CLDR's narrow signs, which babel leaves out: outside their own country these read as bare codes.
_SIGNS = {"RUB": "₽", "KZT": "₸", "UAH": "₴", "GEL": "₾", "TRY": "₺", "AMD": "֏", "AZN": "₼", "PLN": "zł", "CZK": "Kč"}


@dataclass(frozen=True)
class Unit:
    """What a number counts and in which language it is written.

    `currency` is an ISO 4217 code; `noun` is what is counted when it is not money ("checks", "points" between two
    percentages); a `share` is a ratio that is written in per cent; `locale` is a locale as babel names it ("en",
    "ru_RU").
    """

    currency: str | None = None
    noun: Noun = ""
    locale: str = "en"
    share: bool = False

    @property
    def said(self) -> Words:
        """The words of the reader's language."""
        return words(self.locale)

    @property
    def cents(self) -> int:
        """The decimals of this unit: of money, those that its currency has, at most two."""
        return 2 if self.currency is None else min(2, get_currency_precision(self.currency))

    def compact(self, value: float | None) -> str:
        """Write three significant digits with the currency's sign, or that of points: ``€1.23M``, ``0.8 pp``.

        A missing value is a dash.
        """
        if value is None or self.share:
            return percent(value, self.locale)
        digits = _fraction_digits(value)
        value = round(value, digits) + 0.0 if abs(value) < 1000 else value
        if self.currency is None:
            text = _typographic(format_compact_decimal(value, locale=_parsed(self.locale), fraction_digits=digits))
            return counted(self.noun, value, text, self.said) if self.noun == "points" else text
        text = format_compact_currency(value, self.currency, locale=_parsed(self.locale), fraction_digits=digits)
        return _typographic(self._with_sign(text))

    def full(self, value: float | None, *, signed: bool = False, decimals: int | None = None) -> str:
        """Write whole numbers from 100 on, else at most two decimals, and the noun: ``€1,234,568``, ``2.4 dishes``.

        `signed` puts a plus before what is more than nothing as it is written; `decimals` are those of a whole column,
        zeros among them.
        """
        if value is None or self.share:
            return percent(value, self.locale, signed=signed)
        most = (0 if abs(value) >= 100 else self.cents) if decimals is None else decimals
        rounded = round(value, most) + 0.0  # no minus before nothing
        plus = "+" if signed and rounded > 0 else ""
        written = _typographic(self._written(rounded, decimals))
        return plus + (written if self.currency else counted(self.noun, rounded, written, self.said))

    def _written(self, rounded: float, decimals: int | None) -> str:
        locale = _parsed(self.locale)
        if self.currency is None:
            pattern = None if decimals is None else _decimal_pattern(decimals)
            return str(format_decimal(rounded, format=pattern, locale=locale))
        if decimals is None:
            text = format_currency(rounded, self.currency, locale=locale)
            return self._with_sign(_without_zero_cents(text, self.locale))
        pattern = locale.currency_formats["standard"].pattern.replace("#,##0.00", _decimal_pattern(decimals))
        return self._with_sign(
            format_currency(rounded, self.currency, format=pattern, locale=locale, currency_digits=False)
        )

    def hover(self, variable: str, digits: int = 2) -> str:
        """Give the part of a Plotly hover template that writes `variable` ("y", "customdata") in this unit."""
        if self.share:
            return f"%{{{variable}:.1~%}}"
        number = f"%{{{variable}:,.{digits}~f}}"
        if self.currency is None:
            return pointed_at(self.noun, number, self.said)
        return number.join(self.full(0).split("0", 1))

    def separators(self) -> str:
        """Give Plotly's ``layout.separators``: the decimal mark, then the mark between thousands."""
        return get_decimal_symbol(self.locale) + get_group_symbol(self.locale)

    def _with_sign(self, text: str) -> str:
        code = self.currency or ""
        return text.replace(code, _SIGNS.get(code, code))


def percent(ratio: float | None, locale: str = "en", *, signed: bool = False) -> str:
    """Write a ratio as a percentage with at most one decimal; `signed` puts a plus before growth."""
    if ratio is None:
        return MISSING
    digits = 0 if abs(ratio) >= 0.1 else 1
    rounded = round(ratio, digits + 2) + 0.0  # no minus before nothing
    text = format_percent(rounded, locale=_parsed(locale), format=_percent_pattern(locale, digits))
    return _typographic(f"+{text}" if signed and rounded > 0 else text)


def change(now: float | None, before: float | None) -> float | None:
    """Relative change from `before` to `now`; None where either is missing or `before` is not positive."""
    if now is None or before is None or before <= 0:
        return None
    return now / before - 1


def floats(values: Any) -> list[float | None]:
    """Turn a column (Decimal, int, float, missing) into JSON numbers; missing and infinite become None."""
    return [None if pd.isna(v) or not math.isfinite(v) else float(v) for v in values]


def column(frame: pd.DataFrame, name: str) -> list[float | None]:
    """Give a column as JSON numbers; an empty frame needs no columns. Raises KeyError for an unknown column."""
    return [] if frame.empty else floats(frame[name])


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round tick values (1, 2, 2.5 or 5 times a power of ten) from `low` or below to `high` or above."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m * count >= span * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]


def _fraction_digits(value: float) -> int:
    return 0 if value == 0 else 2 - math.floor(math.log10(abs(value))) % 3 if abs(value) >= 1 else 2


@functools.cache
def _parsed(locale: str) -> Locale:
    """Parse a locale once: babel takes as long for it as for a number."""
    return Locale.parse(locale)


@functools.cache
def _percent_pattern(locale: str, digits: int) -> str:
    gap = "\u00a0" if format_percent(0, locale=locale) != "0%" else ""
    return "#,##0" + (".#" if digits else "") + gap + "%"


def _decimal_pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _without_zero_cents(text: str, locale: str) -> str:
    return text.replace(get_decimal_symbol(_parsed(locale)) + "00", "")


def _typographic(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text
