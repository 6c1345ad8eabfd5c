"""Starting, interrupting, restarting and ending forked kernels."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from jupyter_client.connect import LocalPortCache
from jupyter_client.manager import AsyncKernelManager

from mozg.kernels import PromptClient, memory_of
from mozg.kernels.forkserver import FORK_SERVERS, MOST

SLEEPER = "import subprocess; sleeper = subprocess.Popen(['sleep', '600']); print(sleeper.pid)"


def test_a_kernel_is_a_child_of_the_fork_server(warm, servers):
    assert warm.run("import os; print(os.getppid())") == str(servers()[-1].pid)
    assert warm.run("6 * 7") == "42"


def test_an_interrupt_reaches_the_cell_and_what_it_started(warm):
    warm.begin("import subprocess; print('asleep', flush=True); subprocess.run(['sleep', '600'])")
    warm.manager.interrupt_kernel()
    reply = warm.client.get_shell_msg(timeout=60)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert warm.run("'still here'") == "'still here'"


def test_a_port_that_was_taken_meanwhile_is_changed_for_another(install, started, monkeypatch):
    choose = LocalPortCache.find_available_port
    with socket.create_server(("127.0.0.1", 0)) as neighbour:
        chosen = [neighbour.getsockname()[1]]  # then what is free
        monkeypatch.setattr(
            LocalPortCache, "find_available_port", lambda *given: chosen.pop() if chosen else choose(*given)
        )
        with started(install(preload=["numpy"])()) as kernel:
            assert kernel.is_forked
            assert kernel.run("6 * 7") == "42"
            kernel.manager.restart_kernel(now=True)
            kernel.client.wait_for_ready(timeout=60)
            assert kernel.run("6 * 7") == "42"


def test_an_idle_kernel_outlives_an_interrupt(warm):
    warm.manager.interrupt_kernel()
    assert warm.run("1 + 1") == "2"


def test_a_restart_forgets_everything(warm):
    before = warm.pid
    warm.run("kept = 1")
    warm.manager.restart_kernel(now=True)
    warm.client.wait_for_ready(timeout=60)
    assert warm.run("kept") == "NameError: name 'kept' is not defined"
    assert warm.is_forked
    assert warm.pid != before


def test_a_kernel_that_was_killed_is_noticed_and_can_be_restarted(warm, eventually):
    os.kill(warm.pid, signal.SIGKILL)
    assert eventually(lambda: not warm.manager.is_alive())
    warm.manager.restart_kernel()
    warm.client.wait_for_ready(timeout=60)
    assert warm.run("1 + 1") == "2"


def test_a_shutdown_lets_the_kernel_finish(warm, tmp_path, runs):
    note = tmp_path / "note"
    warm.run(f"import atexit, pathlib; atexit.register(pathlib.Path({str(note)!r}).write_text, 'bye')")
    warm.manager.shutdown_kernel()
    assert note.read_text() == "bye"
    assert not warm.manager.has_kernel
    assert not runs(warm.pid)


@pytest.mark.parametrize("preload", [["numpy"], ["no_such_module"]], ids=["forked", "stock"])
def test_a_shutdown_loses_nothing_that_was_begun(install, started, tmp_path, preload):
    with started(install(preload=preload)()) as kernel:
        kernel.run(
            textwrap.dedent(f"""
            import threading, time, pathlib
            folder = pathlib.Path({str(tmp_path)!r})
            left_open = (folder / "open").open("w")
            left_open.write("written")
            in_a_circle = [(folder / "circle").open("w")]
            in_a_circle[0].write("written")
            in_a_circle.append(in_a_circle)
            late = lambda: (time.sleep(0.5), (folder / "late").write_text("written"))
            threading.Thread(target=late).start()
            """)
        )
        kernel.manager.shutdown_kernel()
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()} == dict.fromkeys(
        ("open", "circle", "late"), "written"
    )


def test_a_hard_end_takes_what_the_kernel_started(warm, runs, eventually):
    sleeper = int(warm.run(SLEEPER))
    warm.manager.shutdown_kernel(now=True)
    assert eventually(lambda: not runs(sleeper))
    assert not runs(warm.pid)


@pytest.mark.parametrize("preload", [["numpy"], ["no_such_module"]], ids=["forked", "stock"])
def test_too_much_memory_is_an_error_and_the_kernel_goes_on(install, started, preload):
    with started(install(preload=preload, memory=1024)()) as kernel:
        assert kernel.is_forked == (preload == ["numpy"])
        assert kernel.run("a = bytearray(3 << 30)").startswith("MemoryError")
        assert "Unable to allocate" in kernel.run("import numpy; numpy.ones(1 << 30)")
        assert kernel.run("len(bytearray(300 << 20))") == str(300 << 20)


def test_kernels_outlive_their_fork_server_and_the_next_has_another(install, started, servers, eventually, runs):
    make = install(preload=["numpy"])
    with started(make()) as first:
        server = servers()[-1]
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: not runs(server.pid))
        assert first.run("1 + 1") == "2"
        with started(make()) as second:
            assert second.is_forked
            assert second.run("import os; print(os.getppid())") == str(servers()[-1].pid) != str(server.pid)
        first.manager.interrupt_kernel()
        assert first.run("2 + 2") == "4"
        first.manager.restart_kernel(now=True)
        first.client.wait_for_ready(timeout=60)
        assert first.is_forked


def test_a_fork_server_that_dies_over_an_order_is_no_reason_to_fail(install, started, servers, warnings):
    make = install(preload=["numpy"])
    with started(make()):
        os.kill(servers()[-1].pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as killer:
        killer.submit(lambda: (time.sleep(1), os.kill(servers()[-1].pid, signal.SIGKILL)))
        with started(make()) as kernel:
            assert not kernel.is_forked
            assert kernel.run("1 + 1") == "2"
    assert len(warnings()) == 1
    with started(make()) as kernel:
        assert kernel.is_forked


HOST = """
import sys
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="warm", kernel_spec_manager=KernelSpecManager(kernel_dirs=[sys.argv[1]]))
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready()
client.execute_interactive("import os, subprocess; print(os.getpid(), os.getppid(), "
    "subprocess.Popen(['sleep', '600']).pid)")
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "terminated", "ends"])
def test_everything_ends_with_the_host(install, tmp_path, runs, eventually, how):
    install(preload=["numpy"])
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, str(tmp_path / "kernels")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with host:
        pids = [int(word) for word in host.stdout.readline().split()]
        assert len(pids) == 3
        assert all(map(runs, pids))
        host.stdin.close()
        if how is not None:
            host.send_signal(how)
    assert eventually(lambda: not any(map(runs, pids)))


@pytest.fixture
def answered(install, libraries):
    """Start a kernel in the running loop, ask it, end it; return its process and what it said."""
    specs = install(preload=libraries)().kernel_spec_manager
    client_class = f"{PromptClient.__module__}.{PromptClient.__name__}"

    async def one():
        manager = AsyncKernelManager(kernel_name="warm", kernel_spec_manager=specs, client_class=client_class)
        await manager.start_kernel(env=dict(os.environ))
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        heard = []
        await client.execute_interactive("import os; print(os.getpid())", output_hook=heard.append)
        client.stop_channels()
        pid, is_forked = manager.provisioner.pid, manager.provisioner._pidfd is not None
        await manager.shutdown_kernel(now=True)
        return is_forked, pid, int("".join(m["content"]["text"] for m in heard if m["msg_type"] == "stream"))

    return one


def test_many_threads_start_kernels_at_once(answered):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: asyncio.run(answered()), range(16)))
    assert all(is_forked and pid == said for is_forked, pid, said in answers)
    assert len({pid for _, pid, _ in answers}) == 16


def test_one_loop_starts_kernels_at_once(answered):
    async def all_():
        return await asyncio.gather(*(answered() for _ in range(8)))

    answers = asyncio.run(all_())
    assert all(is_forked and pid == said for is_forked, pid, said in answers)
    assert len({pid for _, pid, _ in answers}) == 8


def test_a_forked_copy_of_the_host_has_fork_servers_of_its_own(install, tmp_path):
    install(preload=["numpy"])
    program = textwrap.dedent("""
        import os, sys
        from mozg.kernels.forkserver import FORK_SERVERS, Recipe
        recipe = Recipe.of([sys.executable], ["json"], os.environ)
        ours = FORK_SERVERS.get(recipe).pid
        if os.fork() == 0:
            theirs = FORK_SERVERS.get(recipe).pid
            FORK_SERVERS.close()
            os._exit(theirs == ours)
        print(os.waitstatus_to_exitcode(os.wait()[1]), FORK_SERVERS.get(recipe).pid == ours)
    """)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "0 True\n", told.stderr
    assert told.stderr == ""


def test_what_is_decided_at_import_gets_a_fork_server_of_its_own(install, started, servers):
    before = {server.pid for server in servers()}
    for zone in ("Asia/Tokyo", "Europe/Moscow", "Asia/Tokyo"):
        with started(install(preload=["numpy"], env={"TZ": zone})()) as kernel:
            assert kernel.is_forked
            assert kernel.run("import time; print(time.tzname[0])") == {"Asia": "JST", "Euro": "MSK"}[zone[:4]]
    assert len({server.pid for server in servers()} - before) <= 2
    assert len(servers()) <= MOST


def test_pages_are_shared(install, started, libraries):
    used = "import numpy, pandas, pyarrow, duckdb, plotly.graph_objects, matplotlib.pyplot, sqlalchemy"
    with started(install("stock")()) as stock, started(install(preload=libraries)()) as kernel:
        assert stock.run(used) == kernel.run(used) == ""
        alone, shared = memory_of([stock.pid]), memory_of([kernel.pid])
    assert shared.private < alone.private / 2
    assert shared.pss < alone.pss


def test_nothing_is_left_when_fork_servers_are_closed(install, started, servers, runs):
    with started(install(preload=["numpy"])()):
        pids = [server.pid for server in servers()]
        FORK_SERVERS.close()
        assert not any(map(runs, pids))
