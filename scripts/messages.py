"""Bring the catalogues in step with the sources: what is new waits for a translation, what nobody says is left out.

    python scripts/messages.py [LANGUAGE …]

Translate what is empty, look over what is marked as fuzzy and take the mark away; ``tests/language`` holds them whole.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog

from mozg.language.catalogue import found, read, write
from mozg.language.words import FOLDER

PROJECT = Path(__file__).resolve().parents[1]


def main(languages: list[str]) -> None:
    """Update the catalogues of ``languages``, by default of all; a new language gets a new one."""
    said = found(PROJECT)
    for language in languages or sorted(path.name for path in FOLDER.iterdir()):
        path = FOLDER / language / "LC_MESSAGES" / "mozg.po"
        catalogue = read(path) if path.is_file() else Catalog(language, project="mozg", fuzzy=False)
        catalogue.update(said, update_creation_date=False)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, catalogue)
        waiting = [message.id for message in catalogue if message.id and (message.fuzzy or not _whole(message.string))]
        print(f"{language}: {len(catalogue)} texts, {len(waiting)} wait for a translation")


def _whole(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main(sys.argv[1:])
