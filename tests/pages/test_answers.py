"""A page asks each question once, and several at the same time when it knows that they will come."""

from datetime import date

import pytest

from mozg.errors import LakeError, QueryError
from mozg.metrics import Period
from mozg.pages.answers import Answers, Asked

WEEK = Period(date(2026, 10, 19), date(2026, 10, 25))
REVENUE = Asked(("revenue",), ("venue",), None, WEEK, None)


@pytest.fixture
def answers(chain_lake):
    return Answers(chain_lake)


@pytest.fixture
def statements(chain_lake, monkeypatch):
    """Every statement that the lake is asked from now on."""
    asked, frame = [], type(chain_lake).frame

    def noted(self, sql, variables=None):
        asked.append(sql)
        return frame(self, sql, variables)

    monkeypatch.setattr(type(chain_lake), "frame", noted)
    return asked


def test_a_question_is_asked_once(answers, statements):
    assert answers.ask(REVENUE) is answers.ask(REVENUE)
    assert len(statements) == 1


def test_what_was_expected_is_not_asked_again(answers, statements):
    others = [Asked((name,), (), None, WEEK, None) for name in ("checks", "guests", "units")]
    answers.expect([REVENUE, *others])
    frames = [answers.ask(asked) for asked in (*others, REVENUE)]
    assert len(statements) == 4
    assert [list(frame.columns) for frame in frames] == [["checks"], ["guests"], ["units"], ["venue", "revenue"]]


def test_an_expected_question_that_fails_says_so_to_whoever_asks_it(answers):
    wrong = Asked(("revenu",), (), None, WEEK, None)
    answers.expect([wrong])
    with pytest.raises(QueryError, match="Did you mean 'revenue'"):
        answers.ask(wrong)


def test_a_question_that_failed_is_asked_again(answers, monkeypatch):
    away = LakeError("The lake could not answer: it was away.")

    def fail(self, *_):
        raise away

    with monkeypatch.context() as patched:
        patched.setattr(type(answers.lake), "frame", fail)
        with pytest.raises(LakeError):
            answers.ask(REVENUE)
    assert len(answers.ask(REVENUE)) == len(answers.venues)


def test_old_answers_make_room(answers, statements, monkeypatch):
    monkeypatch.setattr("mozg.pages.answers.MOST_KEPT", 2)
    first, second, third = (Asked((name,), (), None, WEEK, None) for name in ("checks", "guests", "units"))
    for asked in (first, second, third, third, second, first):
        answers.ask(asked)
    assert len(statements) == 4
