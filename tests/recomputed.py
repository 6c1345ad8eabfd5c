"""Every metric once more, from the record's rows, in plain Python, which has nothing in common with the lake."""

from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import text

from mozg.store.database import transaction

TABLES = ("receipts", "receipt_items", "payments", "products", "categories")


def added(rows, name):
    """The sum of what is known, None where nothing is."""
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known) if known else None


def divided(part, whole):
    return None if part is None or not whole else float(Fraction(part) / Fraction(whole))


def less(one, *others):
    return None if one is None or None in others else one - sum(others)


def recomputed(organization, zone):
    """Return every metric of all that one venue in the time zone ``zone`` ever sold."""
    with transaction(organization.id) as connection:
        receipts, items, payments, products, categories = (
            [dict(row) for row in connection.execute(text(f"SELECT * FROM {table} WHERE NOT deleted")).mappings()]
            for table in TABLES
        )
    checks, groups, menu = ({row["external_id"]: row for row in rows} for rows in (receipts, categories, products))
    for row in (*items, *payments):
        row["check"] = checks[row["receipt"]]
    for row in items:
        dish = menu.get(row["product"], {"section": None, "category": None})
        row["section"] = dish["section"] or groups.get(dish["category"], {"section": None})["section"]
    return numbers(receipts, items, payments, ZoneInfo(zone))


def numbers(receipts, items, payments, zone):
    sale = [row for row in receipts if row["status"] == "sale"]
    refund = [row for row in receipts if row["status"] == "refund"]
    void = [row for row in receipts if row["status"] == "void"]
    sold = [*sale, *refund]
    of_sold = [row for row in items if row["check"]["status"] != "void"]
    lines, struck = [row for row in of_sold if not row["voided"]], [row for row in of_sold if row["voided"]]
    closed = [row for row in lines if row["check"]["status"] == "sale"]
    counted = [row for row in closed if (row["check"]["guests"] or 0) > 0]
    covered = [row for row in sale if (row["guests"] or 0) > 0]
    kitchen, bar = ([row for row in lines if row["section"] == name] for name in ("kitchen", "bar"))
    costed = [row for row in lines if row["cost"]]
    free = [row for row in sale if (row["gross"] or 0) > 0 and (row["discount"] or 0) >= row["gross"]]
    off = [row for row in sale if (row["discount"] or 0) > 0]
    visits = [(row["closed_at"] - row["opened_at"]).total_seconds() // 60 for row in sale
              if row["closed_at"] and row["opened_at"] and row["closed_at"] >= row["opened_at"]]  # fmt: skip
    paid = [row for row in payments if row["check"]["status"] != "void"]
    revenue, gross, guests = added(sold, "revenue"), added(sold, "gross"), added(sale, "guests")
    days = len({(row["venue_id"], row["business_date"]) for row in sold})
    voided = added(struck, "gross") if struck else 0
    units, line_revenue, costed_revenue = added(lines, "quantity"), added(lines, "revenue"), added(costed, "revenue")
    margin = less(costed_revenue, added(costed, "cost"))
    part = {name: [row for row in closed if row["section"] == name] for name in ("kitchen", "bar")}
    with_guests = {name: [r for r in rows if (r["check"]["guests"] or 0) > 0] for name, rows in part.items()}
    opened = [row["opened_at"].astimezone(zone).replace(tzinfo=None) for row in sold if row["opened_at"]]
    cash, house = ([row for row in paid if row["kind"] == kind] for kind in ("cash", "write_off"))
    assert not costed, "the cost of a check is then that of its lines"
    return {
        "revenue": revenue,
        "net_revenue": less(revenue, added(sold, "vat")),
        "vat": added(sold, "vat"),
        "gross_sales": gross,
        "checks": len(sale),
        "trading_days": days,
        "revenue_per_day": divided(revenue, days),
        "checks_per_day": divided(len(sale), days),
        "average_check": divided(revenue, len(sale)),
        "units": units,
        "lines": len(lines),
        "depth": divided(added(closed, "quantity"), len(sale)),
        "average_unit_price": divided(line_revenue, units),
        "kitchen_revenue": added(kitchen, "revenue"),
        "bar_revenue": added(bar, "revenue"),
        "bar_share": divided(added(bar, "revenue"), line_revenue),
        "kitchen_depth": divided(added(part["kitchen"], "quantity"), len(sale)),
        "bar_depth": divided(added(part["bar"], "quantity"), len(sale)),
        "average_visit": divided(int(sum(visits)), len(visits)),
        "first_opened": min(opened, default=None),
        "last_opened": max(opened, default=None),
        "first_date": min((row["business_date"] for row in sold), default=None),
        "last_date": max((row["business_date"] for row in sold), default=None),
        "guests": guests,
        "guest_coverage": divided(len(covered), len(sale)),
        "average_per_guest": divided(added(covered, "revenue"), guests),
        "guests_per_check": divided(guests, len(covered)),
        "guests_per_day": divided(guests, days),
        "depth_per_guest": divided(added(counted, "quantity"), guests),
        "kitchen_depth_per_guest": divided(added(with_guests["kitchen"], "quantity"), guests),
        "bar_depth_per_guest": divided(added(with_guests["bar"], "quantity"), guests),
        "discounts": added(sold, "discount"),
        "discount_rate": divided(added(sold, "discount"), gross),
        "discounted_checks": len(off),
        "discounted_check_share": divided(len(off), len(sale)),
        "comped_checks": len(free),
        "comped_amount": added(free, "discount"),
        "refunds": len(refund),
        "refunded_amount": None if added(refund, "revenue") is None else -added(refund, "revenue"),
        "void_checks": len(void),
        "void_checks_amount": added(void, "gross"),
        "void_lines": len(struck),
        "void_lines_amount": added(struck, "gross"),
        "void_rate": None if gross is None or voided is None else divided(voided, gross + voided),
        "voided_check_share": divided(
            len({id(row["check"]) for row in struck if row["check"]["status"] == "sale"}), len(sale)
        ),
        "cost_of_sales": added(sold, "cost"),
        "food_cost": divided(added(costed, "cost"), costed_revenue),
        "net_food_cost": divided(added(costed, "cost"), less(costed_revenue, added(costed, "vat"))),
        "gross_margin": margin,
        "net_gross_margin": less(margin, added(costed, "vat")),
        "cost_coverage": divided(costed_revenue or 0, line_revenue),
        "uncosted_revenue": less(line_revenue, costed_revenue or Decimal(0)),
        "paid": added(paid, "amount"),
        "payments": len(paid),
        "average_payment": divided(added(paid, "amount"), len(paid)),
        "paid_cash": added(cash, "amount"),
        "cash_share": divided(added(cash, "amount") or 0, added(paid, "amount")),
        "on_the_house": added(house, "amount"),
    }  # fmt: skip
