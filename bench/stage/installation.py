"""The bench's own installation under ``var/bench``; its embedded Postgres is kept between runs."""

import os
from pathlib import Path

from mozg.access.organizations import Organization, create_organization, find_organization, organizations
from mozg.settings import be_quiet
from mozg.store.migrate import migrate

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
FOREIGN = ("DATABASE_URL", "DATA_PATH", "MOZG_SECRET_KEY")


def keep_apart() -> None:
    """Point the settings of this process at the bench's own folder; call this before anything reads them."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["MOZG_VAR"] = str(FOLDER)
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    be_quiet()
    os.chdir(FOLDER)  # settings also read the .env of the folder where they are started


def organization(slug: str) -> Organization:
    """Return the bench's organisation of that name, made if it is not there."""
    migrate()
    if slug in {known.slug for known in organizations()}:
        return find_organization(slug)
    return create_organization(slug, "Bench", currency="RUB", locale="en", country="RU", timezone="Europe/Moscow")
