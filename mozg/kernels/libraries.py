"""What known libraries need before a process with them is forked, and after.

Each is looked after only where it was imported. Their thread pools are the trouble: a fork has none of the threads.
"""

import ctypes
import gc
import os
import sys
from collections.abc import Callable

#: Set while the fork server imports, so that libraries start no threads; a kernel sees its own environment again.
WHILE_IMPORTING = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or debugpy prints a page of warnings
}
#: Decided at import for good: where matplotlib and Plotly draw. A kernel's own environment goes before.
DEFAULTS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}

_OPENBLAS = ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads")


def settle() -> None:
    """Before the first fork: do what a first use would do in every kernel again, and end what runs by itself."""
    _each({"plotly.graph_objects": _draw_once, "duckdb": _close_default})
    gc.collect()
    gc.freeze()  # or the collector would write to every page that kernels share


def refresh() -> None:
    """In the kernel: undo what `settle` and `WHILE_IMPORTING` did, and make what must differ between kernels differ."""
    _each({"numpy": _renew_numpy})
    gc.enable()


def join() -> None:
    """In the kernel, when it has a shell: do what libraries do at import if there is one."""
    _each({"ipywidgets": _answer_widgets})


def _each(care: dict[str, Callable[[], None]]) -> None:
    for name, act in care.items():
        if name in sys.modules:
            act()


def _draw_once() -> None:
    """Plotly loads its renderers, validators and template when the first figure is written."""
    import plotly.graph_objects as go
    import plotly.io as pio

    figure = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
    figure.to_json()
    pio.renderers.default  # noqa: B018  # reading it chooses the renderer


def _close_default() -> None:
    """DuckDB opens an instance with threads when it is imported; it makes a new one when one is asked for."""
    import duckdb

    duckdb.close()


def _answer_widgets() -> None:
    """Let pages ask for the states of widgets."""
    import ipywidgets

    ipywidgets.register_comm_target()


def _renew_numpy() -> None:
    import numpy

    numpy.random.seed()
    told = os.environ.get("OPENBLAS_NUM_THREADS") or os.environ.get("OMP_NUM_THREADS") or ""
    _allow_threads(int(told) if told.isdecimal() else len(os.sched_getaffinity(0)))


def _allow_threads(number: int) -> None:
    """Give OpenBLAS the threads that it would have taken at import: sums differ in their last digit otherwise."""
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123
        loaded = {line.split()[-1] for line in maps if "openblas" in line}
    for library in map(ctypes.CDLL, loaded):
        for name in _OPENBLAS:
            if hasattr(library, name):
                getattr(library, name)(number)
