"""Calling the command line as a person would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mozg.cli import app

EXPORT = """Дата;Время;Номер чека;Блюдо;Кол-во;Цена
02.01.2026;08:38;1;Багет;2;0,90
02.01.2026;08:38;1;Булочка с шоколадом;3;1,20
02.01.2026;09:14;2;=ГИПЕРССЫЛКА(1);1;1,20
13.01.2026;23:59;3;Багет;1;0,95
"""


@pytest.fixture
def mozg(database):
    """Run a command in this process and return its result; errors of ours are raised as they are."""

    def call(*words: str) -> Result:
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def answer(mozg):
    """Run a command with --format json and return what it prints."""

    def call(*words: str):
        result = mozg(*words, "--format", "json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


@pytest.fixture
def process(database):
    """Run a command as a process of its own, on the same installation."""

    def call(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("mozg")), *words]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=300)

    return call


@pytest.fixture
def receipts(tmp_path: Path) -> Path:
    path = tmp_path / "january.csv"
    path.write_text(EXPORT, encoding="cp1251")
    return path
