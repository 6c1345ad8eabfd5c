"""How it was paid. Payments are of checks that were not voided; refunds pay back, so theirs are negative."""

from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Paid")
def paid(paid: Value) -> Value:
    """Payments booked on checks that were not voided."""
    return paid


@metric("Payments", "count")
def payments(payments: Value) -> Value:
    """How many payments these are; a check that is split between two guests has two."""
    return payments


@metric("Average payment")
def average_payment(paid: Value, payments: Value) -> Value:
    """Paid ÷ payments."""
    return ratio(paid, payments)


@metric("Paid in cash")
def paid_cash(paid_cash: Value) -> Value:
    """Payments of the kind cash."""
    return paid_cash


@metric("Cash share", "share")
def cash_share(paid_cash: Value, paid: Value) -> Value:
    """Paid in cash ÷ paid."""
    return ratio(paid_cash.fill_null(0), paid)


@metric("On the house", better="down")
def on_the_house(on_the_house: Value) -> Value:
    """Payments of the kind write_off: what the venue treated its guests and staff to."""
    return on_the_house
