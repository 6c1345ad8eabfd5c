"""The catalogues hold every text of the sources, whole, and no other."""

import re
import string
from pathlib import Path

import pytest

from mozg.language.catalogue import found, read
from mozg.language.words import FOLDER

PROJECT = Path(__file__).resolve().parents[2]
LANGUAGES = sorted(path.name for path in FOLDER.iterdir())
LATIN = re.compile(r"[A-Za-z_]{3,}")
#: What is written with Latin letters in Russian, too.
NAMES = {
    *(
        "ABC",
        "API",
        "Analytics",
        "CSV",
        "Excel",
        "HTML",
        "JupyterLab",
        "Kounta",
        "MOZG",
        "PDF",
        "PNG",
        "Prophet",
        "Telegram",
        "UTC",
        "WAPE",
        "XYZ",
    ),
    *("last_year", "plan", "none", "previous"),
}


@pytest.fixture(scope="module")
def sources():
    said = {(message.context, message.id): message for message in found(PROJECT) if message.id}
    assert len(said) > 300
    return said


@pytest.fixture(params=LANGUAGES)
def catalogue(request):
    return read(FOLDER / request.param / "LC_MESSAGES" / "mozg.po")


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


def places(text):
    """The places for values in a text, with their formats."""
    return sorted((name, kind, form) for _, name, form, kind in string.Formatter().parse(text) if name is not None)


def test_russian_is_there():
    assert "ru" in LANGUAGES


def test_every_text_of_the_sources_is_translated_and_no_other(sources, catalogue):
    translated = {(message.context, message.id): message for message in catalogue if message.id}
    assert set(sources) - set(translated) == set(), "run scripts/messages.py and translate"
    assert set(translated) - set(sources) == set(), "run scripts/messages.py"
    assert [message.id for message in translated.values() if not all(forms(message.string))] == []
    assert [message.id for message in translated.values() if message.fuzzy] == []
    assert not catalogue.obsolete


def test_every_translation_has_the_places_of_its_text(catalogue):
    wrong = [
        (message.id, form)
        for message in catalogue
        if message.id
        for form in forms(message.string)
        if places(form) != places(forms(message.id)[-1])
    ]
    assert wrong == []


def test_every_plural_has_all_forms_of_its_language(catalogue):
    plurals = [message for message in catalogue if message.pluralizable]
    assert plurals
    assert {len(message.string) for message in plurals} == {catalogue.num_plurals}


def test_nothing_is_left_in_english(catalogue):
    """For a language that is not written with Latin letters."""
    if catalogue.locale.language != "ru":
        pytest.skip("only Russian is known not to be written with Latin letters")
    left = {
        form: names
        for message in catalogue
        if message.id
        for form in forms(message.string)
        if (names := set(LATIN.findall(re.sub(r"\{[^}]*\}", "", form))) - NAMES)
    }
    assert left == {}


def test_a_text_that_is_not_in_the_catalogue_is_noticed(tmp_path):
    room = tmp_path / "mozg" / "pages"
    room.mkdir(parents=True)
    (room / "new.py").write_text(
        'write.say("A new one: {n}", n=1)\nwrite.count("{n} cup", "{n} cups", n)\nColumn("a", "Cups", "text")\n'
        '@metric("Tea")\ndef tea():\n    """All tea."""\n'
    )
    (tmp_path / "reports" / "templates").mkdir(parents=True)
    (tmp_path / "reports" / "templates" / "new.html.j2").write_text("<p>{{ say('Of {n}', n=2) }}</p>")
    texts = {message.id for message in found(tmp_path) if message.id}
    assert texts == {"A new one: {n}", ("{n} cup", "{n} cups"), "Cups", "Tea", "All tea.", "Of {n}"}
