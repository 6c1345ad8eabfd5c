"""How the methods write numbers into their sentences, without knowing currency or language."""

from typing import Any, Protocol

from mozg.metrics.metric import Unit


class Writer(Protocol):
    """Writes for a reader; pages give one in the organisation's currency and language.

    Texts are English sentences with places for values, and are said in the reader's language.
    """

    def value(self, value: float | None, unit: Unit) -> str:
        """Write ``value`` in short: ``₽12.3M``, ``1,204``, ``4.2%``."""

    def difference(self, value: float | None, unit: Unit) -> str:
        """Write a difference with its sign: ``+₽120K``, ``−12``; between shares in points, ``+0.3 pp``."""

    def percent(self, ratio: float | None) -> str:
        """Write a ratio as a percentage without a sign: ``4.2%``."""

    def say(self, text: str, /, **values: Any) -> str:
        """Say a text with its values."""

    def count(self, one: str, many: str, number: float, /, **values: Any) -> str:
        """Say the form that goes with ``number``, which is written at ``{n}``."""
