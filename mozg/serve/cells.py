"""The cells of a page: run as soon as its kernel answers, and handed to the browser when its scripts are ready.

Voila can run them before it sends the end of a page, and then the browser's scripts wait for the kernel; or when the
scripts ask for them, and then the kernel waits for the browser. Here both go on at the same time.
"""

import json
import logging
from contextlib import suppress
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg
from tornado.websocket import WebSocketClosedError, WebSocketHandler
from voila.execute import VoilaExecutor, strip_code_cell_warnings

log = logging.getLogger("mozg.serve")
_ENDED = "The page could not be drawn: its kernel ended or did not answer."


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that are run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


async def run_cells(kernel: KernelManager, notebook: NotebookNode) -> list[NotebookNode]:
    """Run the cells one by one up to the first that fails, and return the outputs of each; nobody sees a traceback."""
    cells = code_cells(notebook)
    executor = VoilaExecutor(notebook, km=kernel, show_tracebacks=False)
    try:
        executor.kc = await executor.async_start_new_kernel_client()
        for number, cell in enumerate(cells):
            await executor.execute_cell(cell, None, number, store_history=False)
    except CellExecutionError as error:
        log.error("A dashboard's cell failed: %s", error)
        strip_code_cell_warnings(cell)
        executor.strip_code_cell_errors(cell)
    except (DeadKernelError, RuntimeError) as error:
        log.error("A dashboard's kernel did not run its cells: %s", error)
        cells[-1].outputs = [_said(_ENDED)]
    finally:
        if executor.kc is not None:
            await ensure_async(executor.kc.stop_channels())
    return [NotebookNode(outputs=cell.outputs) for cell in cells]


class Outputs(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """Where a page's scripts ask for the outputs of its cells; the answers have the form that Voila's scripts know."""

    auth_resource = "kernels"

    @ws_authenticated
    @authorized("execute")
    async def get(self, kernel_id: str) -> None:
        """Open the socket for whoever opened the page."""
        self.kernel_id = kernel_id
        await super().get(kernel_id=kernel_id)

    def open(self, kernel_id: str) -> None:
        """Wait for the page to ask."""
        super().open()

    async def on_message(self, message: str | bytes) -> None:
        """Answer with the outputs of every cell, once they have been run; nothing that a page sends is executed."""
        asked = json.loads(message)
        if not isinstance(asked, dict) or asked.get("action") != "execute":
            return
        outputs = await self.kernel_manager.outputs(self.kernel_id)
        with suppress(WebSocketClosedError):  # the reader has left meanwhile
            for number, cell in enumerate(outputs):
                told = {"output_cell": cell, "cell_index": number, "total_cell": len(outputs)}
                await self.write_message({"action": "execution_result", "payload": told})


def _said(text: str) -> Any:
    content = {"ename": "Error", "evalue": text, "traceback": [text]}
    return output_from_msg({"header": {"msg_type": "error"}, "content": content})
