"""What stands on the same checks: each set of dishes, or of menu groups, with the number of checks that have it.

Pairs of three hundred thousand checks are too many for a page. Sets of what sells most are few: a check becomes one bit
per thing, equal checks become one row, and whoever counts pairs counts them over rows.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.narrowing import DURING, Part, days, of_dishes, of_venues
from mozg.metrics.periods import Period

Level = Literal["dish", "category"]
#: Things told apart; what sells less is not looked at.
MOST = 120
#: Bits of a word: a whole number of the lake has room for these and its sign.
BITS = 60

_THINGS = f"""
SELECT {{level}} AS thing, bool_or(coalesce({{dishes}}, false)) AS chosen,
       row_number() OVER (ORDER BY chosen DESC, sum(lines) DESC, thing) - 1 AS place
FROM dish_days d JOIN products p USING (product_id)
WHERE {DURING} AND {{venues}} AND {{level}} IS NOT NULL
GROUP BY thing HAVING sum(lines) > 0 QUALIFY place < getvariable('most')::INTEGER ORDER BY place
"""
_SETS = f"""
WITH placed AS (SELECT product_id, {{words}} FROM products p JOIN ({_THINGS}) t ON t.thing = {{level}}),
checks AS (
    SELECT check_key, sum((revenue * 100)::BIGINT) AS hundredths, {{united}}
    FROM items LEFT JOIN placed USING (product_id)
    WHERE {DURING} AND {{venues}} AND status = 'sale' AND NOT voided GROUP BY check_key
)
SELECT {{names}}, count(*) AS checks, sum(hundredths)::BIGINT AS hundredths FROM checks GROUP BY ALL
"""
_WORD = """
CASE WHEN place BETWEEN {first} AND {last} THEN 1::BIGINT << (place - {first})::INTEGER ELSE 0 END AS word_{number}
"""


@dataclass(frozen=True)
class Baskets:
    """``things`` are what is told apart: ``thing``, whether the page is about it (``chosen``), and its bit (``place``).

    ``sets`` has a row per set of things on a check: ``word_0``, ``word_1``, … (`BITS` bits each), how many ``checks``
    have just these, and their revenue in ``hundredths`` of the currency, missing where no price is known.
    """

    things: pd.DataFrame
    sets: pd.DataFrame


def baskets(lake: Lake, during: Period, part: Part, level: Level, most: int = MOST) -> Baskets:
    """Return the sets of dishes (told apart by name) or of menu groups on the closed checks of a period.

    All checks count that have a line which was not struck off; refunds and voided checks do not. Of the things, the
    ``most`` that stand on most lines are told apart, those first to which ``part`` is narrowed: it chooses what a page
    is about, not which checks it reads. Revenue is that of all lines of a check, VAT included.

    Raises:
        LakeError: the lake cannot be read.
        QueryError: the part is narrowed by something that a dish does not have.
    """
    words = range(-(-most // BITS))
    spelled = {
        "level": f"p.{level}",
        "dishes": of_dishes(part, "p"),
        "venues": of_venues(lake, part),
        "words": ", ".join(_word(number) for number in words),
        "united": ", ".join(f"coalesce(bit_or(word_{number}), 0) AS word_{number}" for number in words),
        "names": ", ".join(f"word_{number}" for number in words),
    }
    told = days(during, most=most)
    return Baskets(lake.frame(_THINGS.format(**spelled), told), lake.frame(_SETS.format(**spelled), told))


def _word(number: int) -> str:
    return _WORD.format(number=number, first=number * BITS, last=(number + 1) * BITS - 1)
