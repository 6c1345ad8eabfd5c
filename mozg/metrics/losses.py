"""What was taken off: discounts, what was on the house, refunds and voids."""

import ibis
from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Discounts", better="down")
def discounts(discount: Value) -> Value:
    """Gross sales − revenue, as the till booked it."""
    return discount


@metric("Discount rate", "share", better="down")
def discount_rate(discount: Value, gross: Value) -> Value:
    """Discounts ÷ gross sales.

    Source: Lightspeed's discount rate.
    """
    return ratio(discount, gross)


@metric("Checks with a discount", "count")
def discounted_checks(discounted_checks: Value) -> Value:
    """Checks on which something was taken off."""
    return discounted_checks


@metric("Share of checks with a discount", "share", better="down")
def discounted_check_share(discounted_checks: Value, checks: Value) -> Value:
    """Checks with a discount ÷ checks."""
    return ratio(discounted_checks, checks)


@metric("Comped checks", "count", better="down")
def comped_checks(comped_checks: Value) -> Value:
    """Checks that a discount of 100 % made free.

    Source: Lightspeed, which keeps comps apart from discounts.
    """
    return comped_checks


@metric("Value of comped checks", better="down")
def comped_amount(comped: Value) -> Value:
    """Discounts on comped checks: their gross value."""
    return comped


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


@metric("Value of voided checks", better="down")
def void_checks_amount(void_checks_amount: Value) -> Value:
    """Gross value of the checks deleted at the till."""
    return void_checks_amount


@metric("Voided lines", "count", better="down")
def void_lines(void_lines: Value) -> Value:
    """Lines removed from checks that were then closed."""
    return void_lines


@metric("Value of voided lines", better="down")
def void_lines_amount(void_lines_amount: Value) -> Value:
    """Gross value of lines removed from checks that were then closed."""
    return void_lines_amount


@metric("Void rate", "share", better="down")
def void_rate(void_lines_amount: Value, void_lines: Value, gross: Value) -> Value:
    """Value of voided lines ÷ (gross sales + value of voided lines); zero only where no line was voided."""
    voided = ibis.ifelse(void_lines == 0, 0, void_lines_amount)
    return ratio(voided, gross + voided)


@metric("Share of checks with a void", "share", better="down")
def voided_check_share(checks_with_voids: Value, checks: Value) -> Value:
    """Closed checks with at least one voided line ÷ checks.

    Source: Toast, which counts orders with a void.
    """
    return ratio(checks_with_voids, checks)
