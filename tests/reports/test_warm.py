"""Which kernels reports run in."""

import subprocess
import sys

import nbformat

from mozg.kernels.forkserver import FORK_SERVERS
from mozg.metrics.query import statement
from mozg.reports import engine, rehearsal, warm
from mozg.reports.run import execute

PARENT = "import os, pathlib; print(pathlib.Path(f'/proc/{os.getppid()}/cmdline').read_text().split(chr(0))[2])"


def parent(path):
    [told] = [cell.outputs[0].text for cell in nbformat.read(path, as_version=4).cells if cell.source == PARENT]
    return told.strip()


def test_reports_of_a_process_that_serves_are_forked(write, tmp_path):
    assert warm.warm_up(engine.kernel_environment({}))
    report = write(tmp_path, PARENT)
    for run_id in ("first", "second"):
        output = execute(report, {"organization": "demo"}, {}, run_id, tmp_path, 60)
        assert parent(output) == "mozg.kernels.zygote"
        assert nbformat.read(output, as_version=4).metadata.kernelspec.name == "python3", "it opens anywhere"
    FORK_SERVERS.close()


def test_the_first_report_of_a_process_starts_no_fork_server():
    program = "from mozg.reports.warm import kernel_of_next_run as name; print(name(), name(), name())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "python3 mozg mozg\n"


def test_what_was_rehearsed_is_not_composed_again():
    statement.cache_clear()
    rehearsal.rehearse()
    composed = statement.cache_info().misses
    assert composed > 10
    rehearsal.rehearse()
    assert statement.cache_info().misses == composed
