"""The words of one language."""

import functools
import gettext
from pathlib import Path
from typing import Any

from babel import Locale

#: The catalogues, one folder per language.
FOLDER = Path(__file__).with_name("locale")
#: The language of the texts in the sources.
SOURCE = "en"


class Sentence(str):
    """A text in English that remembers what it was made of, so that it can be said in another language."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> "Sentence":
        """Fill ``template``, as `str.format` does."""
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _sentence, (self.template, self.values)


class Words:
    """Says the texts of the sources in one language; a text without a translation is said in English.

    ``language`` is the one that is spoken: ``en`` for a locale whose language has no catalogue.
    """

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def say(self, text: str, /, **values: Any) -> str:
        """Return ``text`` translated and filled with ``values``. Without values, braces in it mean nothing."""
        said = self._catalogue.gettext(text) if text else ""
        return _stopped_once(said.format(**values)) if values else said

    def meant(self, context: str, text: str, /, **values: Any) -> str:
        """Return ``text`` translated as it is meant in ``context``, where one English word has several others."""
        said = self._catalogue.pgettext(context, text)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: float, /, **values: Any) -> str:
        """Return the form that goes with ``number``, which stands at ``{n}`` as it is, or as given in ``values``.

        A fraction takes the form of two: *2,5 чека*, *2.5 checks*.
        """
        whole = abs(int(number)) if number == int(number) else 2
        return _stopped_once(self._catalogue.ngettext(one, many, whole).format(**{"n": number, **values}))

    def told(self, said: str | Exception) -> str:
        """Return a `Sentence`, or an error that says one, in this language; any other text as it is.

        Sentences among the values of a sentence are said in this language, too.
        """
        sentence = said.args[0] if isinstance(said, Exception) and said.args else said
        if not isinstance(sentence, Sentence):
            return str(said)
        values = {name: self.told(one) if isinstance(one, Sentence) else one for name, one in sentence.values.items()}
        return self.say(sentence.template, **values)


def _stopped_once(said: str) -> str:
    """Take off a full stop after that of an abbreviation: *10 окт. 2026 г.*"""
    return said[:-1] if said.endswith("..") and not said.endswith("...") else said


def _sentence(template: str, values: dict[str, Any]) -> Sentence:
    return Sentence(template, **values)


def later(text: str) -> str:
    """Return ``text``, which `Words.say` will say when the reader is known; so it is found in the sources."""
    return text


@functools.cache
def words(locale: str) -> Words:
    """Return the words for a locale as babel names it (``ru``, ``ru_RU``); regions speak their language's."""
    language = Locale.parse(locale, sep="-" if "-" in locale else "_").language
    path = FOLDER / language / "LC_MESSAGES" / "mozg.po"
    if not path.is_file():
        return Words(SOURCE, gettext.NullTranslations())
    from mozg.language.catalogue import translations  # a reader in English has nothing to wait for

    return Words(language, translations(path))


def preferred(accepted: str) -> Words:
    """Return the words of the language that a browser's ``Accept-Language`` likes best of those that are spoken."""
    wished = []
    for part in accepted.split(","):
        name, _, quality = part.partition(";q=")
        try:
            wished.append((-float(quality or 1), name.strip().partition("-")[0].lower()))
        except ValueError:
            continue
    spoken = {SOURCE, *(path.name for path in FOLDER.iterdir())}
    return words(next((name for _, name in sorted(wished, key=lambda one: one[0]) if name in spoken), SOURCE))
