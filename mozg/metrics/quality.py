"""How well the books are kept: what is found wrong, how often, of how many, and the money behind it.

The first ten rules are the standards of accounting in a restaurant (S. Itskov and L. Komissarov, *Professional
accounting standards in a restaurant*); how each is measured is ours. The others ask whether what was read can be
trusted. Money is revenue with VAT unless a rule says otherwise.
"""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.periods import Period


@dataclass(frozen=True)
class Rule:
    """One rule: ``sql`` gives ``venue_id, business_date, found, of, amount`` for the days and venues in hand.

    ``of`` counts what could have been found. ``needs`` is the stream without which it cannot be measured.
    """

    name: str
    sql: str
    needs: str | None = None


#: A login that sells for so many hours of one day, or in two venues, has more than one pair of hands.
LONGEST_DAY = 20
#: More guests than seats is a slip of the finger; where seats are not known, more than so many.
MOST_GUESTS = 50

_IN_HAND = """
WITH hand AS (SELECT unnest($1::BIGINT[]) AS venue_id),
rooms AS (
    SELECT venue_id, table_name, max(seats) AS seats, true AS listed
    FROM dining_tables SEMI JOIN hand USING (venue_id) GROUP BY ALL
),
checks AS (
    SELECT r.*, m.seats, coalesce(m.listed, false) AS listed, r.venue_id IN (SELECT venue_id FROM rooms) AS lists
    FROM receipts r SEMI JOIN hand USING (venue_id) LEFT JOIN rooms m USING (venue_id, table_name)
    WHERE r.business_date BETWEEN $2 AND $3
),
lines AS (FROM items SEMI JOIN hand USING (venue_id) WHERE business_date BETWEEN $2 AND $3),
paid AS (FROM payments SEMI JOIN hand USING (venue_id) WHERE business_date BETWEEN $2 AND $3),
days AS (FROM day_readings SEMI JOIN hand USING (venue_id) WHERE business_date BETWEEN $2 AND $3),
shifts AS (
    SELECT *, bool_or(responsible_id IS NOT NULL) OVER (PARTITION BY venue_id) AS names_people,
           bool_or(closed_local IS NOT NULL) OVER (PARTITION BY venue_id) AS tells_end
    FROM cash_shifts SEMI JOIN hand USING (venue_id) WHERE business_date BETWEEN $2 AND $3
)
"""

_SALES = "FROM checks WHERE status = 'sale'"
#: Sales in the dining room, where tables, halls and guests mean something.
_DINING = f"{_SALES} AND coalesce(channel, 'dine_in') = 'dine_in'"
_LINES = "FROM lines WHERE status <> 'void' AND NOT voided"
_CARDS = "FROM lines LEFT JOIN products USING (product_id) WHERE status <> 'void' AND NOT voided"


def _share(broken: str, source: str, amount: str = "revenue") -> str:
    """Return the rule that counts those rows of ``source`` for which ``broken`` holds."""
    return (
        f"SELECT venue_id, business_date, count(*) FILTER (WHERE {broken}) AS found, count(*) AS of, "
        f"coalesce(sum({amount}) FILTER (WHERE {broken}), 0) AS amount {source} GROUP BY ALL"
    )


#: A check without a table, or at one that its venue does not list. Where no table is listed, any name will do.
_TABLE_NUMBER = _share("coalesce(table_name, '') IN ('', '0') OR (lists AND NOT listed)", _DINING)
_PAYMENT_METHOD = _share(
    "unknown",
    "FROM (SELECT c.venue_id, c.business_date, c.revenue, "
    "coalesce(bool_or(p.payment_kind = 'unknown'), true) AS unknown "
    "FROM checks c LEFT JOIN paid p USING (check_key) WHERE c.status = 'sale' AND c.revenue > 0 "
    "GROUP BY c.check_key, c.venue_id, c.business_date, c.revenue)",
)
_PERSONAL_CARD = _share(
    f"waiter_id IS NULL OR places > 1 OR hours > {LONGEST_DAY}",
    "FROM checks LEFT JOIN (SELECT waiter_id, business_date, count(DISTINCT venue_id) AS places, "
    "date_diff('hour', min(opened_local), max(opened_local)) AS hours FROM checks GROUP BY ALL) "
    "USING (waiter_id, business_date) WHERE status = 'sale'",
)
_NOTHING_DELETED = f"""
SELECT venue_id, business_date, sum(found) AS found, sum(of) AS of, sum(amount) AS amount FROM (
    {_share("status = 'void'", "FROM checks", "gross")} UNION ALL
    {_share("voided", "FROM lines WHERE status <> 'void'", "gross")}
) GROUP BY ALL
"""
#: A till that names nobody, or tells no end of any shift, says nothing against its people.
_TILL_KEEPER = _share(
    "(names_people AND responsible_id IS NULL) OR coalesce(cash_difference, 0) <> 0 "
    "OR (tells_end AND coalesce(closed_local, current_localtimestamp()) - opened_local > INTERVAL 24 HOURS)",
    "FROM shifts",
    "abs(cash_difference)",
)
_DURATION = _share(
    "closed_local < opened_local OR minutes > 720 OR (minutes < 1 AND coalesce(channel, 'dine_in') = 'dine_in')",
    f"{_SALES} AND closed_local IS NOT NULL AND opened_local IS NOT NULL",
)
_LATE_DATA = """
SELECT d.venue_id, d.business_date, d.late_receipts AS found, greatest(c.of, d.late_receipts) AS of,
       d.late_amount AS amount
FROM days d LEFT JOIN (SELECT venue_id, business_date, count(*) AS of FROM checks GROUP BY ALL) c
USING (venue_id, business_date)
"""
_DAYS_OFF = _share("off", "FROM days WHERE till_revenue IS NOT NULL", "abs(till_revenue - revenue)")

RULES = {
    rule.name: rule
    for rule in (
        Rule("table_number", _TABLE_NUMBER),
        Rule("payment_method", _PAYMENT_METHOD),
        Rule("personal_card", _PERSONAL_CARD),
        Rule(
            "closed_same_day",
            _share("closed_local IS NULL OR closed_local - opened_local > INTERVAL 24 HOURS", _SALES),
        ),
        Rule(
            "table_seats",
            _share("coalesce(seats, 0) = 0", f"{_DINING} AND coalesce(table_name, '') <> ''"),
            "dining_tables",
        ),
        Rule("nothing_deleted", _NOTHING_DELETED),
        Rule("till_keeper", _TILL_KEEPER, "cash_shifts"),
        Rule(
            "guest_count",
            _share(f"guests IS NULL OR guests <= 0 OR guests > coalesce(nullif(seats, 0), {MOST_GUESTS})", _DINING),
        ),
        Rule("item_card", _share("product_id IS NULL OR category IS NULL OR section IS NULL", _CARDS)),
        Rule("hall", _share("coalesce(hall, '') = ''", _DINING)),
        Rule("recipe_cost", _share("cost IS NULL", f"{_LINES} AND revenue > 0")),
        Rule("duration", _DURATION),
        Rule("late_data", _LATE_DATA),
        Rule("reconciliation", _DAYS_OFF, "cash_shifts"),
    )
}


def findings(lake: Lake, venues: Collection[int], during: Period) -> pd.DataFrame:
    """Return what was found: ``rule, venue_id, week`` (its Monday), ``found, of, amount``; one row per each three.

    A rule has no row where there was nothing to look at: at a till, for one, that does not tell its cash shifts.

    Raises:
        LakeError: the lake cannot answer.
    """
    parts = " UNION ALL ".join(map(_named, RULES.values()))
    query = (
        f"{_IN_HAND} SELECT rule, venue_id, date_trunc('week', business_date)::DATE AS week, sum(found)::BIGINT, "
        f"sum(of)::BIGINT, sum(amount)::DECIMAL(18, 2) FROM ({parts}) GROUP BY ALL HAVING sum(of) > 0 ORDER BY ALL"
    )
    columns = ["rule", "venue_id", "week", "found", "of", "amount"]
    return pd.DataFrame(lake.rows(query, [sorted(venues), during.first, during.last]), columns=columns)


def _named(rule: Rule) -> str:
    told = f"WHERE venue_id IN (SELECT venue_id FROM streams WHERE stream = '{rule.needs}' AND offered)"
    return f"SELECT '{rule.name}' AS rule, * FROM ({rule.sql}) {told if rule.needs else ''}"


def days_off(lake: Lake, venues: Collection[int], during: Period) -> pd.DataFrame:
    """Return the days whose receipts do not agree with the till's cash shifts: ``venue_id, business_date,
    till_revenue, revenue, difference`` (the till's less ours), the largest difference first.

    Raises:
        LakeError: the lake cannot answer.
    """  # fmt: skip
    query = (
        f"{_IN_HAND} SELECT venue_id, business_date, till_revenue, revenue, till_revenue - revenue AS difference "
        "FROM days WHERE off ORDER BY abs(difference) DESC, business_date, venue_id"
    )
    columns = ["venue_id", "business_date", "till_revenue", "revenue", "difference"]
    return pd.DataFrame(lake.rows(query, [sorted(venues), during.first, during.last]), columns=columns)


def untold(lake: Lake, venues: Collection[int]) -> pd.DataFrame:
    """Return what tills do not tell: ``venue_id, stream, trouble``, the last missing where the till has no such thing.

    Raises:
        LakeError: the lake cannot answer.
    """
    query = (
        "SELECT venue_id, stream, trouble FROM streams WHERE (NOT offered OR trouble IS NOT NULL) "
        "AND venue_id IN (SELECT unnest($1::BIGINT[])) ORDER BY ALL"
    )
    return pd.DataFrame(lake.rows(query, [sorted(venues)]), columns=["venue_id", "stream", "trouble"])
