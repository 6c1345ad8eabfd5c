"""Voila as its manual starts it, with one notebook and the stock kernel; its kernels read one lake, as ours do."""

from importlib.metadata import version

import httpx
from papermill.iorw import load_notebook_node, write_ipynb
from papermill.parameterize import parameterize_notebook

from bench.stage.installation import FOLDER
from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.lake.reader import kernel_environment
from mozg.reports.catalogue import load
from mozg.serve.services import HOST, Plan, environment

KERNEL = "python3"
HOURS = 6
#: Seconds that a preheated Voila is given to have the next page ready.
REFILL = 15.0


def plan(port: int, owner: Organization, scope: Scope, *, preheated: bool) -> Plan:
    """Plan a Voila that shows the sales notebook of ``owner`` to anybody who asks."""
    name = "voila-preheated" if preheated else "voila-stock"
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    given = {"organization": owner.slug}
    notebook = parameterize_notebook(load_notebook_node(str(load("sales").notebook)), given, kernel_name=KERNEL)
    notebook.metadata.kernelspec.name = KERNEL
    write_ipynb(notebook, str(folder / "sales.ipynb"))
    address = f"http://{HOST}:{port}/voila/render/sales.ipynb"
    more = ("--preheat_kernel=True", "--pool_size=1") if preheated else ()
    # A preheated kernel is not told who will show the page; the notebook would take it for a run without a reader.
    told = {"SERVER_SOFTWARE": f"voila/{version('voila')}"} if preheated else {}
    return Plan(
        name=name,
        module=("voila", str(folder), f"--port={port}", f"--Voila.ip={HOST}", "--no-browser", *more),
        environment=environment() | kernel_environment(owner, scope, None, minutes=60 * HOURS) | told,
        answers=lambda _: _answers(f"http://{HOST}:{port}/"),
        address=address,
    )


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False
