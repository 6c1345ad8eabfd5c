"""The first command that anybody runs, twice."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PEOPLE = ("owner", "manager", "analyst", "viewer")
pytestmark = [pytest.mark.slow, pytest.mark.browser]


def demo(var: Path) -> str:
    command = [str(Path(sys.executable).with_name("mozg")), "demo", "--no-serve"]
    environment = {**os.environ, "MOZG_VAR": str(var), "DEMO_YEARS": "0.2", "COLUMNS": "200"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_makes_everything_and_the_second_time_adds_nothing(tmp_path_factory):
    var = tmp_path_factory.mktemp("demo")
    first, second = demo(var), demo(var)
    changed = re.compile(r"([\d,]+) rows read, ([\d,]+) new or changed")
    assert len(changed.findall(first)) == 4
    assert all(int(rows.replace(",", "")) > 1000 for _, rows in changed.findall(first))
    assert [rows for _, rows in changed.findall(second)] == ["0"] * 4
    for report in ("sales", "forecast_revenue"):
        for kind in ("html", "pdf", "xlsx"):
            (path,) = re.findall(rf"(\S+/{report}-demo-\S+\.{kind})", first)
            assert Path(path).stat().st_size > 5000
    passwords = re.compile(r"(\w+@demo\.example) .* (\w{4}(?:-\w{4}){3})")
    assert [email for email, _ in passwords.findall(first)] == [f"{who}@demo.example" for who in PEOPLE]
    assert passwords.findall(second) == passwords.findall(first)
    assert len({password for _, password in passwords.findall(first)}) == len(PEOPLE)
    assert "(sent)" in first
    assert "(sent before)" in second
