"""The lake's questions as somebody would write them by hand for DuckDB, on the same Parquet files.

Whoever wrote them would read the smallest table too, so each question is asked of the tables that the planner takes:
what is compared is the composed statement and the road around it, not the choice of the table.
"""

from collections.abc import Sequence
from typing import Any

from mozg.metrics import METRICS, Period, Plan
from mozg.metrics.budgets import PLANNED
from mozg.metrics.dimensions import DIMENSIONS, PARTIES, VISITS
from mozg.metrics.planner import Source, plan

_SOLD, _SALE = "status <> 'void'", "status = 'sale'"
_LINE, _LINE_SALE = f"{_SOLD} AND NOT voided", f"{_SALE} AND NOT voided"
#: What each measure is over the facts; over a roll-up it is the sum of its column.
_CHECKS = {
    "revenue": f"sum(revenue) FILTER ({_SOLD})",
    "gross": f"sum(gross) FILTER ({_SOLD})",
    "discount": f"sum(discount) FILTER ({_SOLD})",
    "vat": f"sum(vat) FILTER ({_SOLD})",
    "cost": f"sum(cost) FILTER ({_SOLD})",
    "refunded": "-sum(revenue) FILTER (status = 'refund')",
    "checks": f"count(*) FILTER ({_SALE})",
    "days": f"count(DISTINCT venue_id || ':' || business_date) FILTER ({_SOLD})",
    "guests": f"sum(guests) FILTER ({_SALE})",
    "checks_with_guests": f"count(*) FILTER ({_SALE} AND guests > 0)",
    "revenue_with_guests": f"sum(revenue) FILTER ({_SALE} AND guests > 0)",
    "timed_checks": f"count(*) FILTER ({_SALE} AND minutes IS NOT NULL)",
    "minutes": f"sum(minutes) FILTER ({_SALE})",
    "discounted_checks": f"count(*) FILTER ({_SALE} AND discount > 0)",
    "comped_checks": f"count(*) FILTER ({_SALE} AND gross > 0 AND discount >= gross)",
    "comped": f"sum(discount) FILTER ({_SALE} AND gross > 0 AND discount >= gross)",
    "checks_with_voids": f"count(*) FILTER ({_SALE} AND void_lines > 0)",
    "refunds": "count(*) FILTER (status = 'refund')",
    "void_checks": "count(*) FILTER (status = 'void')",
    "void_checks_amount": "sum(gross) FILTER (status = 'void')",
    "first_opened": f"min(opened_local) FILTER ({_SOLD})",
    "last_opened": f"max(opened_local) FILTER ({_SOLD})",
    "first_date": f"min(business_date) FILTER ({_SOLD})",
    "last_date": f"max(business_date) FILTER ({_SOLD})",
}
_LINES = {
    "revenue": f"sum(revenue) FILTER ({_LINE})",
    "gross": f"sum(gross) FILTER ({_LINE})",
    "discount": f"sum(discount) FILTER ({_LINE})",
    "vat": f"sum(vat) FILTER ({_LINE})",
    "cost": f"sum(cost) FILTER ({_LINE})",
    "refunded": "-sum(revenue) FILTER (status = 'refund' AND NOT voided)",
    "checks": f"count(DISTINCT check_key) FILTER ({_LINE_SALE})",
    "void_lines": f"count(*) FILTER ({_SOLD} AND voided)",
    "void_lines_amount": f"sum(gross) FILTER ({_SOLD} AND voided)",
    "lines": f"count(*) FILTER ({_LINE})",
    "units": f"sum(quantity) FILTER ({_LINE})",
    "units_on_checks": f"sum(quantity) FILTER ({_LINE_SALE})",
    "units_with_guests": f"sum(quantity) FILTER ({_LINE_SALE} AND guests > 0)",
    "kitchen_revenue": f"sum(revenue) FILTER ({_LINE} AND section = 'kitchen')",
    "bar_revenue": f"sum(revenue) FILTER ({_LINE} AND section = 'bar')",
    "kitchen_units": f"sum(quantity) FILTER ({_LINE_SALE} AND section = 'kitchen')",
    "bar_units": f"sum(quantity) FILTER ({_LINE_SALE} AND section = 'bar')",
    "kitchen_units_with_guests": f"sum(quantity) FILTER ({_LINE_SALE} AND section = 'kitchen' AND guests > 0)",
    "bar_units_with_guests": f"sum(quantity) FILTER ({_LINE_SALE} AND section = 'bar' AND guests > 0)",
    "costed_revenue": f"sum(revenue) FILTER ({_LINE} AND cost <> 0)",
    "costed_vat": f"sum(vat) FILTER ({_LINE} AND cost <> 0)",
    "costed_cost": f"sum(cost) FILTER ({_LINE} AND cost <> 0)",
    "line_revenue": f"sum(revenue) FILTER ({_LINE})",
    "line_vat": f"sum(vat) FILTER ({_LINE})",
}
_PAYMENTS = {
    "checks": f"count(DISTINCT check_key) FILTER ({_SALE})",
    "paid": f"sum(amount) FILTER ({_SOLD})",
    "payments": f"count(*) FILTER ({_SOLD})",
    "paid_cash": f"sum(amount) FILTER ({_SOLD} AND payment_kind = 'cash')",
    "on_the_house": f"sum(amount) FILTER ({_SOLD} AND payment_kind = 'write_off')",
}
_FACTS = {"receipts": _CHECKS, "items": _LINES, "payments": _PAYMENTS}
_EXTREMES = {"first_opened": "min", "last_opened": "max", "first_date": "min", "last_date": "max"}
_JOINS = {
    "venue": "venues USING (venue_id)", "city": "venues USING (venue_id)",
    **dict.fromkeys(("dish", "category", "top_group", "category_path", "section"), "products USING (product_id)"),
    "waiter": "employees ON employee_id = waiter_id",
}  # fmt: skip
_DAYPARTS = """
CASE WHEN hour IS NULL THEN NULL WHEN hour BETWEEN 5 AND 10 THEN '1 breakfast'
     WHEN hour BETWEEN 11 AND 15 THEN '2 lunch' WHEN hour IN (16, 17) THEN '3 afternoon'
     WHEN hour BETWEEN 18 AND 22 THEN '4 dinner' ELSE '5 night' END
"""
_COLUMNS = {
    "table": "table_name", "waiter": "employee", "hour": "hour", "daypart": _DAYPARTS,
}  # fmt: skip


def statement(
    metrics: Sequence[str], by: Sequence[str], during: Period | None, compare: Period | None,
    where: Sequence[tuple[str, Sequence[Any]]] = (),
) -> str:  # fmt: skip
    """Return the measures that the question needs, of its periods, side by side and sorted."""
    needs = list(dict.fromkeys(measure for name in metrics for measure in METRICS[name].needs))
    now = _period(needs, by, during, where, None)
    if during is None or compare is None:
        return f"{now} {_sorted(by)}"
    if isinstance(compare, Plan):
        then = _planned(needs, by, compare, where)
    else:
        then = _period(needs, by, compare, where, (during.first - compare.first).days)
    if not by:
        return f"SELECT * FROM ({now}) now, ({then}) before"
    return f"SELECT * FROM ({now}) now FULL JOIN ({then}) before USING ({', '.join(by)}) {_sorted(by)}"


def _sorted(by: Sequence[str]) -> str:
    return f"ORDER BY {', '.join(by)}" if by else ""


def _period(needs: Sequence[str], by: Sequence[str], period: Period | None, where: Any, shift: int | None) -> str:
    split = [*by, *(name for name, _ in where)]
    parts = [
        _select(source, measures, by, period, where, shift or 0) for source, measures in plan(needs, split).items()
    ]
    if len(parts) == 1:
        return parts[0]
    joined = f" FULL JOIN ({parts[1]}) b USING ({', '.join(by)})" if by else f", ({parts[1]}) b"
    rest = "".join(
        f" FULL JOIN ({part}) p{at} USING ({', '.join(by)})" if by else f", ({part}) p{at}"
        for at, part in enumerate(parts[2:])
    )
    return f"SELECT * FROM ({parts[0]}) a{joined}{rest}"


def _select(
    source: Source, measures: Sequence[str], by: Sequence[str], period: Period | None, where: Any, shift: int
) -> str:
    split = [*by, *(name for name, _ in where)]
    joins = list(dict.fromkeys(_JOINS[name] for name in split if name in _JOINS))
    if source.name == "items" and any("section" in _LINES[name] for name in measures):
        joins = list(dict.fromkeys([*joins, _JOINS["section"]]))
    values = [f"{_value(source, name)} AS {name}" for name in dict.fromkeys(measures)]
    columns = [f"{_column(name, shift)} AS {_quoted(name)}" for name in by]
    conditions = _conditions(period, where)
    grouped = f" GROUP BY {', '.join(str(at + 1) for at in range(len(by)))}" if by else ""
    joined = "".join(f" LEFT JOIN {join}" for join in joins)
    return f"SELECT {', '.join([*columns, *values])} FROM {source.name}{joined}{conditions}{grouped}"


def _value(source: Source, measure: str) -> str:
    if source.rollup:
        return f"{_EXTREMES.get(measure, 'sum')}({source.name}.{measure})"
    return _FACTS[source.name][measure]


def _planned(needs: Sequence[str], by: Sequence[str], period: Period, where: Any) -> str:
    amounts = {name: f"sum(amount) FILTER (metric = '{PLANNED[name]}')" for name in needs if name in PLANNED}
    values = [
        f"{amount} AS {name}" if name.startswith("revenue") else f"round({amount})::BIGINT AS {name}"
        for name, amount in amounts.items()
    ]
    joins = "".join(f" LEFT JOIN {join}" for join in dict.fromkeys(_JOINS[name] for name in by if name in _JOINS))
    columns = [f"{_column(name, 0)} AS {_quoted(name)}" for name in by]
    grouped = f" GROUP BY {', '.join(str(at + 1) for at in range(len(by)))}" if by else ""
    listed = ", ".join([*columns, *(values or ["NULL AS nothing"])])
    return f"SELECT {listed} FROM budgets{joins}{_conditions(period, where)}{grouped}"


def _conditions(period: Period | None, where: Any) -> str:
    told = [f"business_date BETWEEN DATE '{period.first}' AND DATE '{period.last}'"] if period else []
    for name, values in where:
        listed = ", ".join("'" + str(value).replace("'", "''") + "'" for value in values)
        told.append(f"{_column(name, 0)} IN ({listed})")
    return f" WHERE {' AND '.join(told)}" if told else ""


def _column(name: str, shift: int) -> str:
    day = f"(business_date + {shift})" if shift else "business_date"
    match name:
        case "business_date":
            return day
        case "week" | "month":
            return f"date_trunc('{name}', {day})::DATE"
        case "weekday":
            return f"isodow({day})"
        case "party_size":
            return _bracket("guests", PARTIES)
        case "visit_length":
            return _bracket("minutes", VISITS)
    return _COLUMNS.get(name, name)


def _bracket(column: str, bounds: Sequence[int]) -> str:
    cases = " ".join(f"WHEN {column} >= {bound} THEN {bound}" for bound in reversed(bounds))
    return f"CASE {cases} END"


def _quoted(name: str) -> str:
    return f'"{name}"'


assert not set(_COLUMNS) - set(DIMENSIONS), "each is a dimension"
