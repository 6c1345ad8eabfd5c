"""What both doors tell through their reports: goods, money, and the totals of shifts."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cached_property

from mozg.model import CashShift, LedgerEntry, ProductCost, Purchase, StockCount, WriteOff
from mozg.pos.iiko import accounts, questions
from mozg.pos.iiko.doors import Door, Row
from mozg.pos.iiko.olap import ask
from mozg.pos.menu import money
from mozg.pos.till import Reader

_PARTS = {"CASH": "cash", "CARD": "card", "NON_CASH": "non_cash"}


class Reported:
    """The streams that are made of a door's SALES and TRANSACTIONS reports."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def streams(self) -> dict[str, Reader]:
        """Return the readers by the names of their streams."""
        return {
            "cash_shifts": self.cash_shifts,
            "write_offs": self.write_offs,
            "purchases": self.purchases,
            "stock_counts": self.stock_counts,
            "ledger_entries": self.ledger_entries,
            "product_costs": self.product_costs,
        }

    def cash_shifts(self, first: date, last: date) -> list[CashShift]:
        """Return each shift with what the report makes of it as a whole; one whose day is over may still be open."""
        window = questions.period(self._door.department, first, last) | questions.kept()
        parts: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in ask(self._door, questions.SHIFTS, window):
            key = (row[questions.DAY][:10], str(row["SessionNum"]), str(row["CashRegisterName.Number"]))
            parts[key][_PARTS.get(row["PayTypes.Group"], "other")] += Decimal(row["DishDiscountSumInt"])
        return [_cash_shift(*key, sums) for key, sums in parts.items()]

    def write_offs(self, first: date, last: date) -> list[WriteOff]:
        """Return what was written off by acts."""
        return accounts.write_offs(self._entries(accounts.WRITE_OFFS, first, last, "WRITEOFF"))

    def purchases(self, first: date, last: date) -> list[Purchase]:
        """Return what suppliers brought."""
        return accounts.purchases(self._entries(accounts.PURCHASES, first, last, "INVOICE"))

    def stock_counts(self, first: date, last: date) -> list[StockCount]:
        """Return balances of Sundays, of months' last days, and of days on which somebody counted."""
        corrections = self._entries(accounts.CORRECTIONS, first, last, "INVENTORY_CORRECTION")
        counted = accounts.days_counted(corrections)
        return [
            one
            for day in accounts.balance_days(first, last, counted)
            for one in accounts.stock_counts(day, self._door.balances(day), counted.get(day, {}))
        ]

    def ledger_entries(self, first: date, last: date) -> list[LedgerEntry]:
        """Return the entries that make profit or loss."""
        return accounts.ledger(ask(self._door, accounts.LEDGER, accounts.of_result(self._name, first, last)))

    def product_costs(self, first: date, last: date) -> list[ProductCost]:
        """Return what dishes cost by what was sold, and goods by what was bought."""
        window = questions.period(self._door.department, first, last) | questions.kept()
        sold = ask(self._door, questions.COSTS, window)
        return accounts.costs(sold, self.purchases(first, last))

    @cached_property
    def _name(self) -> str:
        """The restaurant's name, by which alone TRANSACTIONS knows it."""
        return self._door.about().restaurant

    def _entries(self, question: accounts.Question, first: date, last: date, kind: str) -> list[Row]:
        return ask(self._door, question, accounts.of_goods(self._name, first, last, kind))


def _cash_shift(day: str, number: str, register: str, sums: dict[str, Decimal]) -> CashShift:
    return CashShift(
        f"{day}/{register}/{number}", date.fromisoformat(day), number=number, register=register,
        revenue=money(sum(sums.values(), Decimal(0))),
        cash=money(sums.get("cash", Decimal(0))), card=money(sums.get("card", Decimal(0))),
        non_cash=money(sums.get("non_cash", Decimal(0))),
    )  # fmt: skip
