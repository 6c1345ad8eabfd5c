"""The truth about the simulated chain, worked out without a database, and small chains written by hand."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.model import Catalogue, Category, Product, Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales

_NUMBERS = itertools.count(1)
#: What lines and payments are split by as their check is.
OF_CHECK = ("status", "hour", "channel", "business_date", "venue", "hall", "table", "guests", "minutes")


class Truth:
    """The chain's frames with a column for each dimension; `numbers` works every metric out of a part of them."""

    def __init__(self, chain):
        names, people = chain.venues["name"], chain.employees["name"]
        receipts = chain.receipts
        receipts = receipts.assign(
            venue=names.to_numpy()[receipts["venue"]],
            waiter=people.to_numpy()[receipts["waiter"]],
            business_date=receipts["business_date"].dt.date,
            hour=receipts["opened_at"].dt.hour,
            minutes=(receipts["closed_at"] - receipts["opened_at"]).dt.total_seconds() // 60,
            struck=chain.items[chain.items["state"] > 0].groupby("receipt").size().reindex(receipts.index).fillna(0),
        )
        items = chain.items
        of_check = receipts.loc[items["receipt"], list(OF_CHECK)]
        items = items.assign(
            **{name: of_check[name].to_numpy() for name in of_check},
            dish=chain.products["name"].to_numpy()[items["product"]],
            section=chain.products["section"].to_numpy()[items["product"]],
            waiter=people.to_numpy()[items["waiter"]],
        )
        of_check = receipts.loc[chain.payments["receipt"], [*OF_CHECK, "waiter"]]
        payments = chain.payments.assign(**{name: of_check[name].to_numpy() for name in of_check})
        self.frames = receipts, items, payments

    def during(self, first, last, **equal):
        """Return the frames cut to some days, and to rows whose columns equal the given values."""
        parts = []
        for frame in self.frames:
            frame = frame[(frame["business_date"] >= first) & (frame["business_date"] <= last)]
            for name, value in equal.items():
                frame = frame[frame[name] == value] if name in frame else frame.iloc[:0]
            parts.append(frame)
        return parts

    def split(self, by, first, last):
        """Yield each value of a dimension with the numbers of its part of the frames."""
        parts = [dict(list(frame.groupby(by))) if by in frame else {} for frame in self.during(first, last)]
        empty = [frame.iloc[:0] for frame in self.frames]
        for value in sorted(set().union(*parts)):
            yield value, numbers(*(part.get(value, none) for part, none in zip(parts, empty, strict=True)))


def money(kopecks):
    return Decimal(int(kopecks)) / 100


def total(frame, column="revenue"):
    return money(frame[column].sum()) if len(frame) else None


def share(part, whole):
    return None if part is None or not whole else float(part) / float(whole)


def numbers(receipts, items, payments):
    """Return every metric of the house for some receipts, lines and payments, as its definition says in words."""
    sold, sale = receipts[receipts["status"] != "void"], receipts[receipts["status"] == "sale"]
    refund, void = receipts[receipts["status"] == "refund"], receipts[receipts["status"] == "void"]
    of_sold = items[items["status"] != "void"]
    lines, struck = of_sold[of_sold["state"] == 0], of_sold[of_sold["state"] > 0]
    on_checks = lines[lines["status"] == "sale"]
    kitchen, bar = (lines[lines["section"] == section] for section in ("kitchen", "bar"))
    eaten, drunk = (on_checks[on_checks["section"] == section] for section in ("kitchen", "bar"))
    costed, covered = lines[lines["cost"] != 0], sale[sale["guests"] > 0]
    taken_off, free = sale[sale["discount"] > 0], sale[(sale["gross"] > 0) & (sale["discount"] >= sale["gross"])]
    units, guests = _count(lines, "quantity"), int(sale["guests"].sum()) if len(sale) else None
    opened, booked = sold["opened_at"], sold["business_date"]
    days = len(set(zip(sold["venue"], sold["business_date"], strict=True)))
    margin, costed_net = _minus(total(costed), total(costed, "cost")), _minus(total(costed), total(costed, "vat"))
    paid = payments[payments["status"] != "void"]
    cash, treated = paid[paid["kind"] == "cash"], paid[paid["kind"] == "write_off"]
    voided = total(struck, "gross") if len(struck) else Decimal(0)
    return {
        "vat": total(sold, "vat"),
        "trading_days": days,
        "revenue_per_day": share(total(sold), days),
        "checks_per_day": share(len(sale), days),
        "guests_per_day": share(guests, days),
        "average_visit": share(int(sale["minutes"].sum()), len(sale)),
        "depth_per_guest": share(_count(on_checks[on_checks["guests"] > 0], "quantity"), guests),
        "kitchen_depth_per_guest": share(_count(eaten[eaten["guests"] > 0], "quantity"), guests),
        "bar_depth_per_guest": share(_count(drunk[drunk["guests"] > 0], "quantity"), guests),
        "comped_checks": len(free),
        "comped_amount": total(free, "gross"),
        "voided_check_share": share(int((sale["struck"] > 0).sum()), len(sale)),
        "net_food_cost": share(total(costed, "cost"), costed_net),
        "gross_margin": margin,
        "net_gross_margin": _minus(margin, total(costed, "vat")),
        "uncosted_revenue": _minus(total(lines), total(costed) or Decimal(0)),
        "payments": len(paid),
        "average_payment": share(total(paid, "amount"), len(paid)),
        "paid_cash": total(cash, "amount"),
        "cash_share": share(total(cash, "amount") or Decimal(0), total(paid, "amount")),
        "on_the_house": total(treated, "amount"),
        "revenue": total(sold),
        "net_revenue": total(sold) - total(sold, "vat") if len(sold) else None,
        "gross_sales": total(sold, "gross"),
        "discounts": total(sold, "discount"),
        "discount_rate": share(total(sold, "discount"), total(sold, "gross")),
        "discounted_checks": len(taken_off),
        "discounted_check_share": share(len(taken_off), len(sale)),
        "checks": len(sale),
        "guests": guests,
        "guest_coverage": share(len(covered), len(sale)),
        "average_check": share(total(sold), len(sale)),
        "average_per_guest": share(total(covered), guests),
        "guests_per_check": share(guests, len(covered)),
        "units": units,
        "lines": len(lines),
        "depth": share(_count(on_checks, "quantity"), len(sale)),
        "average_unit_price": share(total(lines), units),
        "kitchen_revenue": total(kitchen),
        "bar_revenue": total(bar),
        "bar_share": share(total(bar), total(lines)),
        "kitchen_depth": share(_count(eaten, "quantity"), len(sale)),
        "bar_depth": share(_count(drunk, "quantity"), len(sale)),
        "refunds": len(refund),
        "refunded_amount": -total(refund) if len(refund) else None,
        "void_checks": len(void),
        "void_lines": len(struck),
        "void_checks_amount": total(void, "gross"),
        "void_lines_amount": total(struck, "gross"),
        "void_rate": share(voided, _plus(total(sold, "gross"), voided)),
        "cost_of_sales": total(sold, "cost"),
        "food_cost": share(total(costed, "cost"), total(costed)),
        "cost_coverage": share(total(costed) or Decimal(0), total(lines)),
        "paid": total(paid, "amount"),
        "first_opened": opened.min() if len(sold) else None,
        "last_opened": opened.max() if len(sold) else None,
        "first_date": booked.min() if len(sold) else None,
        "last_date": booked.max() if len(sold) else None,
    }


def _count(frame, column):
    return Decimal(int(frame[column].sum())) if len(frame) else None


def _plus(one, other):
    return None if one is None or other is None else one + other


def _minus(one, other):
    return None if one is None or other is None else one - other


@pytest.fixture(scope="session")
def truth(chain):
    return Truth(chain)


def plain(value):
    """Return a cell of an answer as Python would write it: missing is None."""
    return None if value is None or pd.isna(value) else value


def agree(answer, expected, name):
    """Whether a number is the expected one: money and counts exactly, ratios to the last digits of a float."""
    answer = plain(answer)
    if isinstance(expected, float) and answer is not None:
        return float(answer) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    return answer == expected


@pytest.fixture(scope="session", name="agree")
def _agree():
    return agree


@pytest.fixture(scope="session", name="plain")
def _plain():
    return plain


@pytest.fixture(scope="session", name="numbers")
def _numbers():
    return numbers


class Shop:
    """An organisation of venues that each sell the same every day, between two days."""

    def __init__(self, priced=True):
        number = next(_NUMBERS)
        self.organization = create_organization(f"shop{number}", f"Лавка {number}", currency="RUB")
        self.priced, self.venues = priced, {}
        menu = Catalogue([Category("food", "Еда", section="kitchen")], [Product("soup", "Суп", "food")])
        with transaction(self.organization.id) as connection:
            load_catalogue(connection, self.organization.id, menu, 1)

    def open(self, name, first, last, revenue):
        """Let a venue sell one soup a day."""
        self.venues[name] = add_venue(self.organization, name, timezone="UTC")
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        amount = Decimal(revenue) if self.priced else None
        sales = Sales(
            [Receipt(str(day), day, revenue=amount, gross=amount) for day in days],
            [ReceiptItem(str(day), "1", day, "soup", Decimal(1), revenue=amount, gross=amount) for day in days],
        )
        with transaction(self.organization.id) as connection:
            load_sales(connection, self.organization.id, self.venues[name].id, sales, 2)

    def lake(self, scope=None):
        return open_lake(self.organization, scope)


@pytest.fixture(scope="session")
def shop(database):
    """One old venue, one that opened in the middle of February, one that closed in the middle of March (2026)."""
    shop = Shop()
    shop.open("Старая", date(2026, 1, 1), date(2026, 4, 30), "100.00")
    shop.open("Новая", date(2026, 2, 15), date(2026, 4, 30), "10.00")
    shop.open("Бывшая", date(2026, 1, 1), date(2026, 3, 15), "1.00")
    refresh(shop.organization)
    return shop


@pytest.fixture(scope="session")
def priceless(database):
    """A venue whose till tells what was sold but not for how much."""
    shop = Shop(priced=False)
    shop.open("Без цен", date(2026, 3, 1), date(2026, 3, 31), "0")
    refresh(shop.organization)
    return shop
