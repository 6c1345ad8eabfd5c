"""The sales metrics. Money is in the organisation's currency, VAT included unless a definition says otherwise.

Refunds are taken off revenue; voided checks and lines are in no sum but their own. Sources: the definitions follow
Toast's and Tenzo's published metric glossaries where they agree, and say so where we chose.
"""

from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Revenue", better="up")
def revenue(revenue: Value) -> Value:
    """What guests were to pay: after discounts, less refunds, VAT included; no voids."""
    return revenue


@metric("Revenue before VAT", better="up")
def net_revenue(revenue: Value, vat: Value) -> Value:
    """Revenue − VAT; missing where the till does not tell the tax."""
    return revenue - vat


@metric("Gross sales", better="up")
def gross_sales(gross: Value) -> Value:
    """The value of what was sold before discounts, less refunds."""
    return gross


@metric("Discounts", better="down")
def discounts(discount: Value) -> Value:
    """Gross sales − revenue, as the till booked it."""
    return discount


@metric("Discount rate", "share", better="down")
def discount_rate(discount: Value, gross: Value) -> Value:
    """Discounts ÷ gross sales."""
    return ratio(discount, gross)


@metric("Checks with a discount", "count")
def discounted_checks(discounted_checks: Value) -> Value:
    """Checks on which something was taken off."""
    return discounted_checks


@metric("Share of checks with a discount", "share", better="down")
def discounted_check_share(discounted_checks: Value, checks: Value) -> Value:
    """Checks with a discount ÷ checks."""
    return ratio(discounted_checks, checks)


@metric("Checks", "count", better="up")
def checks(checks: Value) -> Value:
    """Closed checks; neither voided checks nor refunds are counted."""
    return checks


@metric("Guests", "count", better="up")
def guests(guests: Value) -> Value:
    """Guests (covers) that the till has on closed checks; missing where it counts none at all."""
    return guests


@metric("Share of checks with a guest count", "share")
def guest_coverage(checks_with_guests: Value, checks: Value) -> Value:
    """Checks with at least one guest entered ÷ checks. Per-guest numbers describe this share only."""
    return ratio(checks_with_guests, checks)


@metric("Average check", better="up")
def average_check(revenue: Value, checks: Value) -> Value:
    """Revenue ÷ checks: the two headline numbers, so that anybody can check it."""
    return ratio(revenue, checks)


@metric("Average check per guest", better="up")
def average_per_guest(revenue_with_guests: Value, guests: Value) -> Value:
    """Revenue of checks with a guest count ÷ guests (Kounta's variant: it survives missing counts)."""
    return ratio(revenue_with_guests, guests)


@metric("Guests per check", "number")
def guests_per_check(guests: Value, checks_with_guests: Value) -> Value:
    """Guests ÷ checks with a guest count."""
    return ratio(guests, checks_with_guests)


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
    """Units on closed checks ÷ checks (MOZG: глубина чека)."""
    return ratio(units_on_checks, checks)


@metric("Average price of a unit")
def average_unit_price(line_revenue: Value, units: Value) -> Value:
    """Revenue of lines ÷ units."""
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
    """Kitchen units ÷ checks."""
    return ratio(kitchen_units, checks)


@metric("Bar depth", "number", better="up")
def bar_depth(bar_units: Value, checks: Value) -> Value:
    """Bar units ÷ checks."""
    return ratio(bar_units, checks)


@metric("Refunds", "count", better="down")
def refunds(refunds: Value) -> Value:
    """Return checks."""
    return refunds


@metric("Refunded", better="down")
def refunded_amount(refunded: Value) -> Value:
    """Money given back on return checks; already taken off revenue."""
    return refunded


@metric("Voided checks", "count", better="down")
def void_checks(void_checks: Value) -> Value:
    """Checks deleted at the till."""
    return void_checks


@metric("Voided lines", "count", better="down")
def void_lines(void_lines: Value) -> Value:
    """Lines removed from checks that were then closed."""
    return void_lines


@metric("Value of voided checks", better="down")
def void_checks_amount(void_checks_amount: Value) -> Value:
    """Gross value of the checks deleted at the till."""
    return void_checks_amount


@metric("Value of voided lines", better="down")
def void_lines_amount(void_lines_amount: Value) -> Value:
    """Gross value of lines removed from checks that were then closed."""
    return void_lines_amount


@metric("Void rate", "share", better="down")
def void_rate(void_lines_amount: Value, gross: Value) -> Value:
    """Value of voided lines ÷ (gross sales + value of voided lines)."""
    return ratio(void_lines_amount, gross + void_lines_amount)


@metric("Cost of sales", better="down")
def cost_of_sales(cost: Value) -> Value:
    """Recipe cost of what was sold, as the till knows it."""
    return cost


@metric("Food cost", "share", better="down")
def food_cost(costed_cost: Value, costed_revenue: Value) -> Value:
    """Recipe cost ÷ revenue of the lines whose cost is known (VAT included); see cost coverage."""
    return ratio(costed_cost, costed_revenue)


@metric("Cost coverage", "share", better="up")
def cost_coverage(costed_revenue: Value, line_revenue: Value) -> Value:
    """Revenue of lines whose cost is known ÷ revenue of all lines."""
    return ratio(costed_revenue, line_revenue)


@metric("Paid")
def paid(paid: Value) -> Value:
    """Payments booked on checks that were not voided."""
    return paid


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
