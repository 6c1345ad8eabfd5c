"""Portions and go-lists from the command line."""

import pytest

from mozg.errors import StoreError


@pytest.fixture
def bistro(mozg, receipts, request):
    """An organisation with the menu of a file: Багет and others."""
    name = f"menu-{request.node.name[5:15]}".replace("_", "-").lower()
    mozg("organizations", "add", name)
    mozg("import", str(receipts), "--organization", name, "--venue", "Café", "--create", "--timezone", "Europe/Paris",
         *("--mapping", str(mapping(mozg, receipts))))  # fmt: skip
    return name


def mapping(mozg, receipts):
    path = receipts.with_suffix(".toml")
    path.write_text(mozg("import", str(receipts), "--suggest").stdout, "utf-8")
    return path


def test_portions(mozg, answer, bistro):
    told = answer("menu", "portions", "-o", bistro, "--dish", "Багет", "--set", "0,5")
    assert [(row["dish"], row["portions"]) for row in told] == [("Багет", 0.5)]
    assert answer("menu", "portions", "-o", bistro, "--dish", "Багет", "--forget") == []
    assert mozg("menu", "portions", "-o", bistro, "--dish", "Багет", "--set", "много").exit_code == 2
    with pytest.raises(StoreError, match=r"No till has a dish 'Бекет'\. Did you mean 'Багет'"):
        mozg("menu", "portions", "-o", bistro, "--dish", "Бекет", "--set", "1")


def test_go_lists(mozg, answer, bistro):
    given = ("--dish", "Багет", "--from", "2026-01-01", "--target", "12", "--venues", "Café")
    mozg("menu", "go-list", "Зима", "-o", bistro, *given)
    (kept,) = answer("menu", "go-lists", "-o", bistro)
    assert (kept["go-list"], kept["dishes"], kept["venues"], kept["target %"]) == ("Зима", "Багет", "Café", 12.0)
    assert mozg("menu", "go-list", "Зима", "-o", bistro, "--dish", "Багет", "--from", "вчера").exit_code == 2
    mozg("menu", "forget-go-list", "Зима", "-o", bistro)
    assert answer("menu", "go-lists", "-o", bistro) == []
