"""Texts in a reader's language, several languages at once."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from mozg.errors import QueryError
from mozg.language import Sentence, later, preferred, words


@pytest.mark.parametrize(
    ("locale", "language", "said"),
    [
        *(("en", "en", "Revenue"), ("en_GB", "en", "Revenue"), ("de", "en", "Revenue")),
        *(("ru", "ru", "Выручка"), ("ru_RU", "ru", "Выручка"), ("ru-KZ", "ru", "Выручка")),
    ],
)
def test_a_locale_is_spoken_to_in_its_language_or_in_english(locale, language, said):
    assert (words(locale).language, words(locale).say(later("Revenue"))) == (language, said)


def test_two_languages_are_spoken_at_once():
    def say(locale):
        return [words(locale).say("Checks") for _ in range(200)]

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(say, ["ru", "en", "ru", "en"]))
    assert heard == [["Чеки"] * 200, ["Checks"] * 200] * 2


@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        *((0, "0 чеков", "0 checks"), (1, "1 чек", "1 check"), (2, "2 чека", "2 checks"), (5, "5 чеков", "5 checks")),
        *((11, "11 чеков", "11 checks"), (21, "21 чек", "21 checks"), (112, "112 чеков", "112 checks")),
        *((2.5, "2.5 чека", "2.5 checks"), (-1, "-1 чек", "-1 check")),
    ],
)
def test_a_number_bends_its_noun(number, russian, english):
    for locale, said in (("ru", russian), ("en", english)):
        assert words(locale).count("{n} check", "{n} checks", number) == said


def test_one_english_text_may_mean_several():
    assert words("ru").meant("under the pointer", "{n} checks", n="%{y}") == "чеков: %{y}"
    assert words("en").meant("under the pointer", "{n} checks", n="%{y}") == "%{y} checks"


def test_a_text_without_values_may_hold_braces():
    assert words("ru").say("Пирог {домашний}") == "Пирог {домашний}"
    assert words("ru").say("") == ""


def test_an_error_is_told_in_any_language():
    error = QueryError(Sentence("The period ends ({last}) before it begins ({first}).", first=2, last=1))
    assert str(error) == words("en").told(error) == "The period ends (1) before it begins (2)."
    assert words("ru").told(error) == "Период заканчивается (1) раньше, чем начинается (2)."
    assert words("ru").told(QueryError("A till said something else.")) == "A till said something else."


def test_a_sentence_travels_between_processes():
    sentence = Sentence("Nothing since {last}; is the venue closed?", last="{2026}")
    again = pickle.loads(pickle.dumps(sentence))
    assert (again, words("ru").told(again)) == (sentence, "С {2026} нет данных; заведение закрыто?")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.4, ru;q=0.7", "ru"),
        ("fr,en-GB;q=0.8,ru;q=0.5", "en"),
        ("zh", "en"),
        ("ru;q=nonsense, *", "en"),
        ("", "en"),
    ],
)
def test_a_browser_says_what_its_reader_likes_best(accepted, language):
    assert preferred(accepted).language == language


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop():
    assert (
        words("ru").say("{name} brought {share} of revenue.", name="x", share="10 окт. 2026 г.").endswith("г. выручки.")
    )
    assert words("en").say("{name}.", name="10 окт. 2026 г.") == "10 окт. 2026 г."
    assert words("en").say("{name}…", name="Reading") == "Reading…"
    assert words("en").count("{n} of {day}.", "{n} of {day}.", 2, day="г.") == "2 of г."
