""".env.example tells of every setting, and of nothing else."""

import re

import pytest

from mozg.settings import Settings

#: Read by docker-compose.yml, not by mozg.
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
ENTRY = re.compile(r"^# ([A-Z][A-Z0-9_]*)=(.*)$")
#: A number means nothing without its unit; a seed has none.
UNITS = {
    "report_timeout": "seconds",
    "scope_minutes": "minutes",
    "reread_days": "days",
    "reconcile_days": "days",
    "books_hours": "hours",
    "demo_years": "years",
}
UNITS |= {"requests_per_minute": "a minute", "sign_ins_per_hour": "an hour"}


def variable(name):
    return Settings.model_fields[name].validation_alias or name.upper()


@pytest.fixture(scope="module")
def entries(root):
    """Variable → ``(the comment before it, the value shown)``."""
    told, comment = {}, []
    for line in (root / ".env.example").read_text("utf-8").splitlines():
        if found := ENTRY.match(line):
            told[found[1]] = (" ".join(comment), found[2])
        comment = [*comment, line.removeprefix("# ")] if line.startswith("# ") and not found else []
    return told


def test_every_line_is_a_comment(root):
    """Copied as it is, the file changes nothing."""
    lines = (root / ".env.example").read_text("utf-8").splitlines()
    assert not [line for line in lines if line and not line.startswith("# ")]


def test_the_names_are_those_of_the_settings(entries):
    assert set(entries) - COMPOSE_ONLY == {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_explained_with_its_default(entries, name):
    comment, shown = entries[variable(name)]
    default = Settings.model_fields[name].default
    if default is None or name == "project_path":
        assert "Default: none" in comment
    else:
        assert comment.endswith(f"Default: {default}")
        assert shown == str(default)


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation in {int, float}]
)
def test_each_number_has_its_unit(entries, name):
    if name != "demo_seed":
        assert UNITS[name] in entries[variable(name)][0]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_name_is_the_one_that_is_read(monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable(name), {"registration": "closed", "till_network": "public"}.get(name, "3"))
    assert str(getattr(read := Settings(), name)) != str(Settings.model_fields[name].default), read
