"""What is counted by guest. Tills count guests only as well as waiters enter them, so each number says of whom it is.

A number per guest describes the checks with a guest count; how many these are is the share of checks with one.
"""

from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Guests", "count", better="up")
def guests(guests: Value) -> Value:
    """Guests (covers) that the till has on closed checks; missing where it counts none at all."""
    return guests


@metric("Share of checks with a guest count", "share")
def guest_coverage(checks_with_guests: Value, checks: Value) -> Value:
    """Checks with at least one guest entered ÷ checks. Per-guest numbers describe this share only."""
    return ratio(checks_with_guests, checks)


@metric("Average check per guest", better="up")
def average_per_guest(revenue_with_guests: Value, guests: Value) -> Value:
    """Revenue of checks with a guest count ÷ guests.

    Source: Kounta's variant of the average cover, which survives missing counts; MOZG's cheque_guest.
    """
    return ratio(revenue_with_guests, guests)


@metric("Guests per check", "number")
def guests_per_check(guests: Value, checks_with_guests: Value) -> Value:
    """Guests ÷ checks with a guest count.

    Source: MOZG's occupancy of an order.
    """
    return ratio(guests, checks_with_guests)


@metric("Guests a day", "number", better="up")
def guests_per_day(guests: Value, days: Value) -> Value:
    """Guests ÷ trading days."""
    return ratio(guests, days)


@metric("Depth per guest", "number", better="up")
def depth_per_guest(units_with_guests: Value, guests: Value) -> Value:
    """Units on checks with a guest count ÷ guests."""
    return ratio(units_with_guests, guests)


@metric("Kitchen depth per guest", "number", better="up")
def kitchen_depth_per_guest(kitchen_units_with_guests: Value, guests: Value) -> Value:
    """Kitchen units on checks with a guest count ÷ guests.

    Source: MOZG's avg_kit_qntt_guest.
    """
    return ratio(kitchen_units_with_guests, guests)


@metric("Bar depth per guest", "number", better="up")
def bar_depth_per_guest(bar_units_with_guests: Value, guests: Value) -> Value:
    """Bar units on checks with a guest count ÷ guests.

    Source: MOZG's avg_bar_qntt_guest.
    """
    return ratio(bar_units_with_guests, guests)
