"""What was sold. Money is in the organisation's currency, VAT included unless a definition says otherwise.

Refunds are taken off revenue; voided checks and lines are in no sum but their own. Where the published glossaries of
restaurant systems agree, the definitions follow them; where they do not, the source says which one was chosen.
"""

from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Revenue", better="up")
def revenue(revenue: Value) -> Value:
    """What guests were to pay: after discounts, less refunds, VAT included; no voids.

    Source: Toast's net sales, plus tax.
    """
    return revenue


@metric("Revenue before VAT", better="up")
def net_revenue(revenue: Value, vat: Value) -> Value:
    """Revenue − VAT; missing where the till does not tell the tax.

    Source: Toast's net sales.
    """
    return revenue - vat


@metric("VAT")
def vat(vat: Value) -> Value:
    """The tax inside revenue."""
    return vat


@metric("Gross sales", better="up")
def gross_sales(gross: Value) -> Value:
    """The value of what was sold before discounts, less refunds.

    Source: Toast's gross sales.
    """
    return gross


@metric("Checks", "count", better="up")
def checks(checks: Value) -> Value:
    """Closed checks; neither voided checks nor refunds are counted. By dish or payment: checks on which it stands."""
    return checks


@metric("Trading days", "count")
def trading_days(days: Value) -> Value:
    """Days on which a venue sold something, summed over venues."""
    return days


@metric("Revenue a day", better="up")
def revenue_per_day(revenue: Value, days: Value) -> Value:
    """Revenue ÷ trading days: what one venue brings on a day that it is open.

    Source: MOZG's среднесуточная выручка.
    """
    return ratio(revenue, days)


@metric("Checks a day", "number", better="up")
def checks_per_day(checks: Value, days: Value) -> Value:
    """Checks ÷ trading days."""
    return ratio(checks, days)


@metric("Average check", better="up")
def average_check(revenue: Value, checks: Value) -> Value:
    """Revenue ÷ checks: the two headline numbers, so that anybody can check it.

    Source: Tenzo's ATV, Toast's avgOrderValue, MOZG's cheque_order.
    """
    return ratio(revenue, checks)


@metric("Units", "number", better="up")
def units(units: Value) -> Value:
    """Portions sold, refunds taken off."""
    return units


@metric("Lines", "count")
def lines(lines: Value) -> Value:
    """Lines on checks, voided ones left out."""
    return lines


@metric("Depth of a check", "number", better="up")
def depth(units_on_checks: Value, checks: Value) -> Value:
    """Units on closed checks ÷ checks.

    Source: MOZG's глубина чека.
    """
    return ratio(units_on_checks, checks)


@metric("Average price of a unit")
def average_unit_price(line_revenue: Value, units: Value) -> Value:
    """Revenue of lines ÷ units.

    Source: MOZG's средняя цена позиции.
    """
    return ratio(line_revenue, units)


@metric("Kitchen revenue", better="up")
def kitchen_revenue(kitchen_revenue: Value) -> Value:
    """Revenue of products that the kitchen makes."""
    return kitchen_revenue


@metric("Bar revenue", better="up")
def bar_revenue(bar_revenue: Value) -> Value:
    """Revenue of products that the bar makes."""
    return bar_revenue


@metric("Bar share", "share")
def bar_share(bar_revenue: Value, line_revenue: Value) -> Value:
    """Bar revenue ÷ revenue of all lines."""
    return ratio(bar_revenue, line_revenue)


@metric("Kitchen depth", "number", better="up")
def kitchen_depth(kitchen_units: Value, checks: Value) -> Value:
    """Kitchen units on closed checks ÷ checks; with bar depth and what neither makes it adds up to the depth."""
    return ratio(kitchen_units, checks)


@metric("Bar depth", "number", better="up")
def bar_depth(bar_units: Value, checks: Value) -> Value:
    """Bar units on closed checks ÷ checks."""
    return ratio(bar_units, checks)


@metric("Average visit, minutes", "minutes")
def average_visit(minutes: Value, timed_checks: Value) -> Value:
    """Minutes from opening to closing ÷ checks of which both are known; each check in whole minutes.

    Source: the trade's turn time; Lightspeed counts from the ticket to the kitchen, which tills rarely tell.
    """
    return ratio(minutes, timed_checks)


@metric("First check", "moment")
def first_opened(first_opened: Value) -> Value:
    """When the earliest check was opened, venue's local time."""
    return first_opened


@metric("Last check", "moment")
def last_opened(last_opened: Value) -> Value:
    """When the latest check was opened, venue's local time."""
    return last_opened


@metric("First business date", "date")
def first_date(first_date: Value) -> Value:
    """The earliest business date with a check."""
    return first_date


@metric("Last business date", "date")
def last_date(last_date: Value) -> Value:
    """The latest business date with a check."""
    return last_date
