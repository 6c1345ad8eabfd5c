"""Where nothing can be forked, kernels are started as ever, and one sentence says why."""

import os
import subprocess
import sys

import pytest

FLAWS = {
    "a library that does not exist": ("", "no_such_library", "ended"),
    "a library that breaks": ("raise OSError('no')", "flawed", "ended"),
    "a library that starts a thread": (
        "import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "flawed",
        "2 threads",
    ),
    "a library that opens a socket": ("import socket; kept = socket.socket()", "flawed", "open socket"),
    "a function that is not there": ("", "flawed:missing", "ended"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flawed_fork_server_is_replaced_by_none(install, started, warnings, servers, tmp_path, flaw):
    text, preload, said = FLAWS[flaw]
    (tmp_path / "flawed.py").write_text(text)
    make = install(preload=[preload], env={"PYTHONPATH": str(tmp_path)})
    for _ in range(3):
        with started(make()) as kernel:
            assert not kernel.is_forked
            assert kernel.run("6 * 7") == "42"
            kernel.manager.interrupt_kernel()
            kernel.manager.restart_kernel(now=True)
            kernel.client.wait_for_ready(timeout=60)
            assert kernel.run("1 + 1") == "2"
    assert said in warnings()[0]
    assert len(warnings()) == 2, "what went wrong, and once that it went wrong before"
    assert not [server for server in servers() if preload in server.recipe.preload]


def test_another_command_is_started(install, started, warnings, tmp_path):
    launcher = tmp_path / "launcher.py"
    launcher.write_text("from ipykernel.kernelapp import launch_new_instance; launch_new_instance()")
    argv = ["python", str(launcher), "-f", "{connection_file}"]
    with started(install(argv=argv, preload=["numpy"])()) as kernel:
        assert not kernel.is_forked
        assert kernel.run("6 * 7") == "42"
    assert len(warnings()) == 1


def test_an_order_too_large_for_a_datagram_is_started(install, started, warnings):
    large = {f"LARGE_{number}": "x" * 100_000 for number in range(5)}
    with started(install(preload=["numpy"])(), env=os.environ | large) as kernel:
        assert not kernel.is_forked
        assert kernel.run("import os; print(len(os.environ['LARGE_4']))") == "100000"
    with started(install(preload=["numpy"])()) as kernel:
        assert kernel.is_forked
    assert len(warnings()) == 1


def test_output_through_a_pipe_is_started(install, started, warnings):
    with started(install(preload=["numpy"])(), stderr=subprocess.DEVNULL) as kernel:
        assert not kernel.is_forked
        assert kernel.run("6 * 7") == "42"
    assert len(warnings()) == 1


def test_output_goes_where_it_was_told(install, started, tmp_path):
    with (tmp_path / "said").open("w") as file, started(install(preload=["numpy"])(), stdout=file) as kernel:
        assert kernel.is_forked
        kernel.run("import sys; print('told', file=sys.__stdout__, flush=True)")
    assert "told" in (tmp_path / "said").read_text()


def test_a_folder_that_is_not_there_is_told_as_ever(install, tmp_path, warnings):
    for name in ("stock", "warm"):
        manager = install(name, preload=["numpy"])()
        with pytest.raises(FileNotFoundError, match="nowhere"):
            manager.start_kernel(cwd=str(tmp_path / "nowhere"))
        manager.cleanup_resources()
    assert len(warnings()) == 1


def test_flags_of_python_are_kept(install, started):
    argv = ["python", "-Xfrozen_modules=off", "-W", "ignore", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    with started(install(argv=argv, preload=["numpy"])()) as kernel:
        assert kernel.is_forked
        assert kernel.run("import sys; print(sys._xoptions, sys.warnoptions)") == "{'frozen_modules': 'off'} ['ignore']"


def test_the_package_needs_no_other_of_ours():
    program = "import sys, mozg.kernels; print([m for m in sys.modules if m.startswith('mozg')])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert {name.partition(".kernels")[0] for name in eval(told)} == {"mozg"}
