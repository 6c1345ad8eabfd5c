"""Every command explains itself, and tells failure from bad usage."""

import pytest
import typer

from mozg.cli import app


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name):
    assert f"mozg {name}" in COMMANDS[name].help.replace("[cyan]", "")


def test_a_failure_is_one_sentence_and_exit_code_1(process):
    done = process("query", "--organization", "nobody", "--metrics", "revenue")
    assert done.returncode == 1
    assert done.stderr.startswith("Failed: There is no organisation 'nobody'.")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_bad_usage_is_exit_code_2(process):
    assert process("query", "--no-such-option").returncode == 2
    assert process("query").returncode == 2


def test_doctor_finds_an_installation_well(answer, chain_organization):
    checks = {row["check"]: row["ok"] for row in answer("doctor")}
    assert set(checks.values()) == {"yes"}, checks
