"""The first command that anybody runs; ``make soak`` runs it twice."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mozg.reports.catalogue import all_reports

PEOPLE = ("owner", "manager", "analyst", "viewer")
PASSWORDS = re.compile(r"(\w+@demo\.example) .* (\w{4}(?:-\w{4}){3})")
CHANGED = re.compile(r"([\d,]+) rows read, ([\d,]+) new or changed")
pytestmark = [pytest.mark.slow, pytest.mark.browser]


def demo(var: Path) -> str:
    command = [str(Path(sys.executable).with_name("mozg")), "demo", "--no-serve"]
    environment = {**os.environ, "MOZG_VAR": str(var), "DEMO_YEARS": "0.2", "COLUMNS": "200"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(var):
    return demo(var)


def test_it_reads_every_till_runs_every_report_and_mails_one(first):
    assert len(CHANGED.findall(first)) == 4
    assert all(int(rows.replace(",", "")) > 1000 for _, rows in CHANGED.findall(first))
    for report in all_reports():
        for kind in report.formats:
            (path,) = re.findall(rf"(\S+/{report.name}-demo-\S+\.{kind})", first)
            assert Path(path).stat().st_size > 5000
    assert "(sent)" in first


def test_its_people_have_passwords_of_their_own(first):
    found = PASSWORDS.findall(first)
    assert [email for email, _ in found] == [f"{who}@demo.example" for who in PEOPLE]
    assert len({password for _, password in found}) == len(PEOPLE)


@pytest.mark.soak
def test_the_second_time_adds_nothing(var, first):
    second = demo(var)
    assert [rows for _, rows in CHANGED.findall(second)] == ["0"] * 4
    assert PASSWORDS.findall(second) == PASSWORDS.findall(first)
    assert "(sent before)" in second
