"""A forked kernel and one that was started are the same to whoever writes in it."""

import os
import time

import pytest

ASPECTS = {
    "environment": "import os; print(sorted((k, v) for k, v in os.environ.items() if k != 'PYTEST_CURRENT_TEST'))",
    "arguments": "import sys; print(sys.argv[0], sys.argv[1::2], sys.orig_argv[:1], sys.flags)",
    "path": "import sys, os; print(sys.path, os.getcwd(), __name__, sys.executable)",
    "session": "import os; print(os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid(), os.umask(0o22))",
    "signals": "import signal; print([(s.name, str(signal.getsignal(s)).split(' at ')[0])"
    " for s in signal.valid_signals() if isinstance(s, signal.Signals)], signal.pthread_sigmask(0, ()))",
    "collector": "import gc; print(gc.isenabled(), gc.get_threshold())",
    "threads": "import threading; print(len(threading.enumerate()))",
    "open sockets": "import psutil; print(len(psutil.Process().net_connections()))",
    "main module": "import sys; print(sys.modules['__main__'].__dict__ is globals(), sys.modules['__main__'].__spec__)",
    "plotly": "import plotly.io; print(plotly.io.renderers.default, plotly.io.templates.default)",
    "plotly figure": "import plotly.express as px; px.line(x=[1, 2], y=[3, 5]).to_json()",
    "matplotlib": "import matplotlib; print(matplotlib.get_backend())",
    "inline plot": "import matplotlib.pyplot as plt; _ = plt.plot([1, 2])",
    "sums": "import numpy; n = numpy.random.default_rng(1).random((600, 600));"
    " print(repr((n @ n).sum()), repr(n.sum()))",
    "decomposition": "import numpy; n = numpy.random.default_rng(1).random((200, 200));"
    " print(numpy.linalg.svd(n)[1].tolist()[:9])",
    "DuckDB": "import duckdb; print(duckdb.sql(\"select current_setting('threads'), sum(i) from range(3000000) t(i)\")"
    ".fetchall(), duckdb.connect().sql('select 1').fetchall())",
    "parquet": "import pandas, io; f = io.BytesIO(); pandas.DataFrame({'a': range(10**5)}).to_parquet(f);"
    " print(pandas.read_parquet(f).a.sum())",
    "SQLite": "import sqlite3; print(sqlite3.connect(':memory:').execute('select 1').fetchall())",
    "command": "import subprocess; print(subprocess.run(['echo', 'hi'], capture_output=True, text=True).stdout)",
    "shell": "!echo shell; exit 3\nprint(_exit_code)",
    "spawned pool": "import multiprocessing as m\n"
    "with m.get_context('spawn').Pool(2) as p: print(p.map(abs, [-1, -2]))",
    "forked pool": "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, -2]))",
    "executor": "from concurrent.futures import ThreadPoolExecutor as T\nwith T(4) as t: print(list(t.map(abs, [-3])))",
    "event loop": "import asyncio; print(await asyncio.sleep(0.01, 'slept'))",
    "widget": "import ipywidgets; s = ipywidgets.IntSlider(3); print(s.comm is not None, s.value)",
    "listening to pages": "import ipywidgets; print(sorted(get_ipython().kernel.comm_manager.targets))",
    "history": "_ = 1 + 1\nprint(get_ipython().history_manager.enabled, len(In) > 0)",
    "error": "1 / 0",
    "warning": "import warnings; warnings.warn('thin ice')",
    "logging": "import logging; print(logging.getLogger().handlers, logging.getLogger().level)",
    "numpy's threads": "import numpy, os; a = numpy.ones((900, 900)); a @ a;"
    " print(len(os.listdir('/proc/self/task')) > 9)",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory, started, libraries):
    """A kernel of each kind, in the same folder with the same environment."""
    import json

    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    folder = tmp_path_factory.mktemp("same")
    metadata = {
        "stock": {},
        "warm": {"kernel_provisioner": {"provisioner_name": "warm", "config": {"preload": libraries}}},
    }
    for name, chosen in metadata.items():
        (folder / name).mkdir()
        argv = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": "python", "metadata": chosen}
        (folder / name / "kernel.json").write_text(json.dumps(spec))
    specs = KernelSpecManager(kernel_dirs=[str(folder)], ensure_native_kernel=False)
    given = {"env": os.environ | {"PLOTLY_RENDERER": "plotly_mimetype"}, "cwd": str(folder)}
    stock, warm = (KernelManager(kernel_name=name, kernel_spec_manager=specs) for name in metadata)
    with started(stock, **given) as one, started(warm, **given) as other:
        assert other.is_forked
        yield one, other


@pytest.mark.parametrize("aspect", ASPECTS)
def test_both_give_the_same(pair, aspect):
    stock, warm = (kernel.run(ASPECTS[aspect]).replace(str(kernel.pid), "PID") for kernel in pair)
    assert warm == stock != ""


def test_random_numbers_differ(install, started, libraries):
    drawn = "import numpy, random, uuid, secrets; print(numpy.random.rand(), random.random());"
    drawn += " print(uuid.uuid4(), secrets.token_hex())"
    make = install(preload=libraries)
    with started(make()) as one, started(make()) as other:
        first, second = (kernel.run(drawn).split() for kernel in (one, other))
    assert len(first) == 4
    assert not set(first) & set(second)


def test_an_edit_of_a_module_that_is_not_preloaded_shows(install, started, tmp_path):
    module = tmp_path / "menu.py"
    make = install(preload=["numpy"], env={"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"})
    for dish in ("soup", "pie"):
        module.write_text(f"dish = {dish!r}")
        with started(make()) as kernel:
            assert kernel.is_forked
            assert kernel.run("import menu; print(menu.dish)") == dish


def test_the_first_answer_comes_sooner_than_a_stock_kernels(install, started, libraries):
    def first_answer(make):
        began = time.monotonic()
        with started(make()) as kernel:
            kernel.run("import pandas, duckdb, plotly.graph_objects")
            return time.monotonic() - began

    warm, stock = install(preload=libraries), install("stock")
    first_answer(warm)  # starts the fork server
    assert first_answer(warm) < first_answer(stock)
