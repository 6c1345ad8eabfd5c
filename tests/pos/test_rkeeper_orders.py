"""Orders that are more than one check paid once: charges, tips, split bills, change, and what the words stand for."""

from collections import Counter
from datetime import date

import pytest

from mozg.model import Venue
from mozg.pos import connect
from mozg.pos.rkeeper import answers
from mozg.simulate.edits import edited

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 7)


@pytest.fixture
def base(rkeeper):
    """The report database, whose rows a test may change."""
    truth = rkeeper.chain
    yield rkeeper.base
    rkeeper.replace(truth)


@pytest.fixture
def read(rkeeper):
    venue = rkeeper.venues()[0]

    def read():
        with connect(Venue(1, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"])) as till:
            return till.sales(FIRST, LAST)

    return read


@pytest.fixture
def split(base):
    """An order of the day that two means of payment paid: visit and receipt."""
    ((server, visit, order),) = base.sql(
        "SELECT MIDSERVER, VISIT, ORDERIDENT FROM CURRLINES WHERE MIDSERVER = 15001 "
        "GROUP BY ALL HAVING count(*) = 2 ORDER BY VISIT LIMIT 1"
    )
    return visit, f"{server}.{visit}.{order}"


def of(sales, receipt):
    (found,) = (one for one in sales.receipts if one.external_id == receipt)
    return found, [one for one in sales.items if one.receipt == receipt]


def bind_charge(base, visit, *, tip):
    """Let a charge of 100 be paid with the first means of payment of a visit."""
    base.sql(
        "INSERT INTO PAYBINDINGS SELECT VISIT, MIDSERVER, ORDERIDENT, 0, 77, 999, CURRUNI, 1, 100, 100, 0, 0, NULL, 6 "
        f"FROM PAYBINDINGS WHERE VISIT = {visit} AND MIDSERVER = 15001 LIMIT 1"
    )
    base.sql(
        "INSERT INTO DISHDISCOUNTS SELECT VISIT, MIDSERVER, ORDERIDENT, 77, 1, 6, 1, "
        f"{int(tip)} FROM PAYBINDINGS WHERE VISIT = {visit} AND MIDSERVER = 15001 LIMIT 1"
    )


def test_a_service_charge_is_a_line_without_a_dish(base, read, split):
    visit, receipt = split
    before, lines = of(read(), receipt)
    bind_charge(base, visit, tip=False)
    after, more = of(read(), receipt)
    assert (after.gross - before.gross, after.revenue - before.revenue) == (100, 100)
    (charge,) = set(more) - set(lines)
    assert (charge.line, charge.product, charge.quantity, charge.revenue) == ("charge 77", None, 1, 100)


def test_tips_are_no_revenue(base, read, split):
    visit, receipt = split
    before = of(read(), receipt)
    bind_charge(base, visit, tip=True)
    assert of(read(), receipt) == before


def test_each_check_of_an_order_is_a_receipt(base, read, split):
    visit, receipt = split
    before, lines = of(read(), receipt)
    base.sql(
        "INSERT INTO PRINTCHECKS SELECT * REPLACE (3 AS UNI, 90001 AS CHECKNUM) FROM PRINTCHECKS "
        f"WHERE VISIT = {visit} AND MIDSERVER = 15001"
    )
    base.sql(
        f"UPDATE CURRLINES SET CHECKUNI = 3 WHERE VISIT = {visit} AND MIDSERVER = 15001 AND UNI = "
        f"(SELECT max(UNI) FROM CURRLINES WHERE VISIT = {visit} AND MIDSERVER = 15001)"
    )
    sales = read()
    first, some = of(sales, receipt)
    second, others = of(sales, f"{receipt}.90001")
    assert (first.guests, second.guests) == (before.guests, 0)
    assert first.revenue + second.revenue == before.revenue
    assert Counter(one._replace(receipt="") for one in some + others) == Counter(
        one._replace(receipt="") for one in lines
    )
    paid = Counter()
    for payment in sales.payments:
        paid[payment.receipt] += payment.amount
    assert (paid[first.external_id], paid[second.external_id]) == (first.revenue, second.revenue)


def test_change_that_was_never_given_is_no_payment(base, read, split):
    visit, _ = split
    before = len(read().payments)
    base.sql(
        f"UPDATE PAYMENTS SET PAYLINETYPE = 4 WHERE VISIT = {visit} AND MIDSERVER = 15001 AND UNI = "
        f"(SELECT max(UNI) FROM PAYMENTS WHERE VISIT = {visit} AND MIDSERVER = 15001)"
    )
    assert before - len(read().payments) == 1


def test_bills_and_checks_that_reports_ignore_are_left_out(base, read, split):
    visit, receipt = split
    before = read()
    base.sql(
        "INSERT INTO PRINTCHECKS SELECT * REPLACE (4 AS UNI, 5 AS CHECKNUM, 1 AS ISBILL) FROM PRINTCHECKS "
        f"WHERE VISIT = {visit} AND MIDSERVER = 15001"
    )
    assert read() == before
    base.sql(f"UPDATE PRINTCHECKS SET IGNOREINREP = 1 WHERE VISIT = {visit} AND MIDSERVER = 15001")
    assert {one.external_id for one in before.receipts} - {one.external_id for one in read().receipts} == {receipt}


def test_what_is_edited_or_deleted_at_the_till_is_told_so(rkeeper, base, read):
    before = {one.external_id: one for one in read().receipts}
    rkeeper.replace(edited(rkeeper.chain, seed=3, number=80))
    after = {one.external_id: one for one in read().receipts}
    assert set(after) < set(before)
    assert sum(after[one] != before[one] for one in after) > 10
    assert sum(one.status == "void" for one in after.values()) > sum(one.status == "void" for one in before.values())


def test_menu_that_changed_is_read_again_and_else_is_not(rkeeper):
    venue = rkeeper.venues()[0]
    venue = Venue(1, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"])

    def dishes():
        rkeeper.log.paths.clear()
        with connect(venue) as till:
            return {one.name for one in till.catalogue().products}

    dishes()
    known = dishes()
    assert sum(rkeeper.log.paths.values()) == 1
    rkeeper.reference.collections.changes["MENUITEMS", "1000101"] = {"Name": "Суп дня"}
    assert dishes() - known == {"Суп дня"}
    assert sum(rkeeper.log.paths.values()) == 2
    rkeeper.reference.collections.changes.clear()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_an_answer_is_read_whatever_it_is_written_in(encoding):
    text = '<?xml version="1.0" encoding="windows-1251"?><RK7QueryResult Status="Ok" Name="Борщ"/>'
    assert answers.result_of(text.encode(encoding)).get("Name") == "Борщ"
