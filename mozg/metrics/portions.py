"""What was sold of each dish, and how many portions people say that one unit of it is.

Units stand here three times, because a guest's portions are those of checks whose guests are known, and a check's those
of closed checks: refunds have no guests of their own.
"""

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.menu import KEY
from mozg.metrics.narrowing import DURING, Part, days, of_dishes, of_venues
from mozg.metrics.periods import Period


def dish_units(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row per dish and coefficient: what was sold of it, and how many portions a unit is.

    Columns: ``category``, ``dish``, ``section``, ``coefficient`` (missing where nobody has set one), ``units`` (refunds
    taken off), ``units_on_checks``, ``units_with_guests`` (on checks with a guest count) and ``revenue``, VAT included.
    A dish has a second row only where its products in two tills have different coefficients.

    Raises:
        LakeError: the lake cannot be read.
        QueryError: the part is narrowed by something that a dish does not have.
    """
    statement = f"""
        SELECT {KEY}, min(p.section) AS section, p.portions AS coefficient, sum(d.units) AS units,
               coalesce(sum(d.units_on_checks), 0) AS units_on_checks,
               coalesce(sum(d.units_with_guests), 0) AS units_with_guests, sum(d.revenue) AS revenue
        FROM dish_days d JOIN products p USING (product_id)
        WHERE {DURING} AND {of_venues(lake, part)} AND {of_dishes(part, "p")} AND d.lines > 0
        GROUP BY p.dish, p.category, p.portions ORDER BY category, dish, coefficient
    """
    return lake.frame(statement, days(during))


def visits(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row: the closed ``checks`` and the ``guests`` of the part's venues, whatever they ate.

    Raises:
        LakeError: the lake cannot be read.
    """
    statement = f"""
        SELECT coalesce(sum(checks), 0)::BIGINT AS checks, sum(guests)::BIGINT AS guests
        FROM daily_sales WHERE {DURING} AND {of_venues(lake, part)}
    """
    return lake.frame(statement, days(during))
