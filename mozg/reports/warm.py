"""Which kernels reports run in: warm ones wherever a process runs more than one.

A fork server costs its start, about as long as a stock kernel takes. So a process that runs one report and ends starts
a stock kernel; one that serves, or comes to its second report, forks them.
"""

import functools
import itertools
import logging
from collections.abc import Mapping

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from mozg import kernels
from mozg.kernels.orders import ForkError

#: The kernel that every Jupyter has, and ours, which the installation puts beside it (``mozg/reports/kernel``).
STOCK, WARM = "python3", "mozg"
_runs = itertools.count()
_log = logging.getLogger(__name__)


def warm_up(environment: Mapping[str, str]) -> bool:
    """Start the fork server for kernels with this environment, and tell whether there can be one. Do not wait for it.

    Whoever runs reports or dashboards for long calls it first, so that not even the first has to wait.
    """
    next(_runs)
    try:
        kernels.warm_up(WARM, environment)
    except (ForkError, OSError, NoSuchKernel) as reason:
        _log.warning("Kernels are started one by one, which takes seconds each: %s", reason)
        return False
    return True


def kernel_of_next_run() -> str:
    """Return the name of the kernel that the next report of this process runs in."""
    return WARM if next(_runs) and _is_installed() else STOCK


@functools.cache
def _is_installed() -> bool:
    return WARM in KernelSpecManager().find_kernel_specs()
