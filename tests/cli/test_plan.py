"""A plan that an owner enters stands beside what was sold."""

import pytest

JANUARY = ["--from", "2026-01-01", "--to", "2026-01-31", "--compare", "plan"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("plans")


def test_a_plan_from_a_file_and_from_the_year_before(mozg, answer, receipts, files):
    assert mozg("import", str(receipts), "-o", "planner", "--venue", "Nord", "--create").exit_code == 0
    (files / "plan.csv").write_text("venue;month;revenue\nNord;2026-01;3100\n", encoding="utf-8")
    assert mozg("plan", str(files / "plan.csv"), "-o", "planner").output == (
        "1 targets over 31 days of venues; 31 changed.\n"
    )
    assert mozg("plan", "--year", "2027", "--growth", "50", "-o", "planner").output == (
        "2 targets over 31 days of venues; 62 changed.\n"
    )
    (row,) = answer("query", "-o", "planner", "--metrics", "revenue", *JANUARY)
    assert (row["revenue"], row["revenue_before"]) == (7.55, 3100)
    following = [word.replace("2026", "2027") for word in JANUARY]
    (row,) = answer("query", "-o", "planner", "--metrics", "revenue,checks", *following)
    assert (row["revenue"], row["revenue_before"], row["checks_before"]) == (None, 11.33, 5)


@pytest.mark.parametrize("words", [[], ["--growth", "5"], ["plan.csv", "--year", "2027"]])
def test_it_is_told_files_or_a_year(mozg, files, words):
    (files / "plan.csv").touch()
    given = [str(files / word) if word.endswith("csv") else word for word in words]
    assert mozg("plan", *given, "-o", "planner").exit_code == 2
