"""Rows become receipts with their lines and payments."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mozg.errors import ImportFileError, MappingError
from mozg.model import Payment, Receipt, ReceiptItem, Sales

from .cells import Cells
from .clock import Moment
from .heads import Head, merged
from .lines import Line, Lines
from .menu import Menu
from .payments import payment_kind

LONGEST_SITTING = timedelta(hours=12)
_UNTIMED = datetime.max.replace(tzinfo=UTC)


class Register:
    """Rings up the sales of one export from the rows that are not rejected."""

    def __init__(self, cells: Cells, heads: list[Head], lines: Lines, menu: Menu) -> None:
        self._cells, self._heads, self._lines, self._menu = cells, heads, lines, menu
        self._has_total = cells.has("total")
        self._marks_closing = cells.mapping.dates.marks == "closed"
        self._sales = Sales()

    def ring_up(self) -> Sales:
        """Return receipts, lines and payments, in the order of the file."""
        for key, rows in self._groups().items():
            self._receipt(key, rows)
        return self._sales

    def _groups(self) -> dict[str, list[int]]:
        restarts = self._cells.mapping.receipt_numbers == "restart daily"
        problems = self._cells.problems
        groups: dict[str, list[int]] = {}
        for row, head in enumerate(self._heads):
            if head.number is None or head.moment is None or row in problems:
                continue
            key = f"{head.moment.business_date}/{head.number}" if restarts else head.number
            rows = groups.setdefault(key, [])
            if rows and self._cells.mapping.shape != "lines":
                problems[row] = f"receipt {head.number} was already in row {self._origin(rows[0])[1]}"
            else:
                rows.append(row)
        return groups

    def _receipt(self, key: str, rows: Sequence[int]) -> None:
        heads = [self._heads[row] for row in rows]
        moments = [head.moment for head in heads if head.moment]
        if len(rows) > 1:
            self._refuse_strangers(rows, moments)
        head, first = merged(heads), min(moments, key=lambda moment: moment.at or _UNTIMED)
        lines = [line for row in rows for line in self._lines_at(row, head)]
        waiter = self._menu.employee(head.waiter)
        opened, closed = self._hours(head, first, moments)
        gross, discount, revenue, vat = self._money(head, lines)
        receipt = Receipt(
            key, first.business_date, opened, closed, head.number, head.status, head.guests, gross, discount, revenue,
            vat, None, waiter, head.table, head.hall, head.channel,
        )  # fmt: skip
        self._sales.receipts.append(receipt)
        self._sales.items.extend(_item(receipt, position, line) for position, line in enumerate(lines, start=1))
        if head.payment and head.status != "void":
            self._sales.payments.append(_payment(receipt, head.payment))

    def _lines_at(self, row: int, head: Head) -> Sequence[Line]:
        """Lines of a row; a row that alone is void has lines that were taken off the check."""
        lines = self._lines.at(row)
        if self._heads[row].status == "void" and head.status != "void":
            return [line.taken_off() for line in lines]
        return lines

    def _hours(self, head: Head, first: Moment, moments: Sequence[Moment]) -> tuple[datetime | None, datetime | None]:
        """When the check was opened and closed; a file with one time tells one of them only."""
        if self._marks_closing:
            return None, max((moment.at for moment in moments if moment.at), default=None)
        return first.at, head.closed.at if head.closed else None

    def _money(
        self, head: Head, lines: Sequence[Line]
    ) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
        """Gross, discount, revenue and VAT: the receipt's own columns where there are any, else sums of its lines.

        A line without money adds nothing to a sum, and nothing summed is unknown, not zero.
        """
        sold = [line for line in lines if not line.voided]
        revenue = head.total if self._has_total else _sum(line.revenue for line in sold)
        discount = _sum(line.discount for line in sold) if head.discount is None else head.discount
        gross = _sum(line.gross for line in sold) if head.gross is None else head.gross
        if gross is None and revenue is not None and discount is not None:
            gross = revenue + discount
        vat = _sum(line.vat for line in sold) if head.vat is None else head.vat
        return gross, discount, revenue, vat

    def _origin(self, row: int) -> tuple[str, int]:
        return self._cells.export.origins[row]

    def _refuse_strangers(self, rows: Sequence[int], moments: Sequence[Moment]) -> None:
        """Refuse one number for two receipts: the later would silently be merged with the earlier."""
        (file, row), (last_file, last_row) = self._origin(rows[0]), self._origin(rows[-1])
        number = self._heads[rows[0]].number
        if file != last_file:
            raise ImportFileError(
                f"Receipt {number} is in {file}, row {row}, and in {last_file}, row {last_row}. "
                "Import the files one after the other; the later one then counts."
            )
        if not is_one_sitting(moments):
            days = sorted({moment.business_date for moment in moments})
            raise MappingError(
                f"{file}: receipt number {number} stands for receipts of {days[0]} and {days[-1]} "
                f'(rows {row} and {last_row}). Write receipt_numbers = "restart daily" in the mapping.'
            )


def is_one_sitting(moments: Sequence[Moment]) -> bool:
    """Whether rows can be of one check: of one business date, or all within twelve hours."""
    if all(moment.business_date == moments[0].business_date for moment in moments):
        return True
    times = [moment.at for moment in moments if moment.at is not None]
    return len(times) == len(moments) and max(times) - min(times) <= LONGEST_SITTING


def _item(receipt: Receipt, position: int, line: Line) -> ReceiptItem:
    return ReceiptItem(
        receipt.external_id, str(position), receipt.business_date, line.product, line.quantity, line.gross,
        line.discount, line.revenue, line.vat, None, receipt.waiter, line.voided,
    )  # fmt: skip


def _payment(receipt: Receipt, method: str) -> Payment:
    kind = payment_kind(method)
    return Payment(receipt.external_id, "1", receipt.business_date, method, kind, receipt.revenue)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    total = None
    for value in values:
        if value is not None:
            total = value if total is None else total + value
    return total
