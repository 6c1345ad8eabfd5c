"""A plan is read whatever it looks like, and what cannot be read is named by file, row and column."""

from datetime import date
from decimal import Decimal

import pytest

from mozg.errors import ImportFileError
from mozg.model import Target
from mozg.pos.files import read_plan
from mozg.pos.files.plans import month_of

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    "text",
    ["2026-03", "2026-3", "03.2026", "3/2026", "March 2026", "mar. 2026", "Март 2026", "2026-03-01", "1 мар 2026"],
)
def test_months(text):
    assert month_of(text) == MARCH


@pytest.mark.parametrize("text", ["", "2026", "13.2026", "2026-03-02", "soon", "Smarch 2026"])
def test_what_is_no_month(text):
    with pytest.raises(ValueError, match=r"month|date|number"):
        month_of(text)


def test_a_plan_by_month(write):
    path = write(
        "budget.csv", "Ресторан;Месяц;Выручка, план;Гости\nАрбат;март 2026;1 234 567,50 ₽;4000\nСретенка;03.2026;;10\n"
    )
    assert read_plan(path) == [
        Target("Арбат", *MARCH, "revenue", Decimal("1234567.50"), "budget.csv, row 2"),
        Target("Арбат", *MARCH, "guests", Decimal(4000), "budget.csv, row 2"),
        Target("Сретенка", *MARCH, "guests", Decimal(10), "budget.csv, row 3"),
    ]


def test_a_plan_by_day(write):
    path = write("plan.csv", 'venue,date,revenue,orders\nNord,13/03/2026,100.50,7\nNord,14/03/2026,"1,100.50",9\n')
    assert [(t.first, t.metric, t.amount) for t in read_plan(path) if t.first == t.last] == [
        (date(2026, 3, 13), "revenue", Decimal("100.50")),
        (date(2026, 3, 13), "checks", Decimal(7)),
        (date(2026, 3, 14), "revenue", Decimal("1100.50")),
        (date(2026, 3, 14), "checks", Decimal(9)),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("venue,month\nNord,2026-03\n", r"plan\.csv: A plan has a column .* Its columns are: venue, month"),
        ("venue,revenue\nNord,5\n", r"A plan has a column for the venue, one for the month or the day"),
        ("venue,month,revenue\nNord,someday,5\n", r"plan\.csv, row 2: 'someday' is no month\."),
        ("venue,day,revenue\nNord,2026-02-30,5\n", r"row 2: '2026-02-30' is no day\."),
        ("venue,month,revenue\n,2026-03,5\n", r"row 2: the venue is missing\."),
        ("venue,month,guests\nNord,2026-03,many\n", r"row 2, guests: 'many' is no number\."),
        ("venue,month,revenue\nNord,2026-03,-5\n", r"row 2, revenue: a plan cannot be negative, and this is -5\."),
        (
            "venue,month,revenue\nNord,2026-03,5\nNord,03.2026,6\n",
            r"plan\.csv, row 3: revenue of Nord is planned in plan\.csv, row 2 already\.",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(write, content, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        read_plan(write("plan.csv", content))
