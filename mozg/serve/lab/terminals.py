"""Terminals of analysts: a shell within the same walls as their kernels."""

import tempfile
from pathlib import Path
from typing import Any

from jupyter_server_terminals.terminalmanager import TerminalManager
from terminado.management import PtyWithClients

from mozg.serve.lab.desk import Desk
from mozg.serve.lab.people import Owned, whoever_asks

SHELL = ("/bin/bash", "-l")
_SCREEN = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "25"}


class OwnTerminals(TerminalManager):
    """Starts confined shells, and knows whose each is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.owned = Owned()

    def create(self, **_: Any) -> dict[str, Any]:
        """Start a shell for whoever asks. What the request wishes is not heeded: it could name a command to run."""
        model: dict[str, Any] = super().create()
        self.owned.give(model["name"], whoever_asks())
        return model

    def new_terminal(self, **_: Any) -> PtyWithClients:
        """Start a confined shell in the folder of whoever asks."""
        desk = Desk(whoever_asks(), self.parent.rooms)
        desk.set()
        room = Path(tempfile.mkdtemp(prefix="terminal-", dir=desk.rooms))
        return PtyWithClients(desk.command(SHELL, room), desk.environment(room) | _SCREEN, str(desk.folder))

    async def terminate(self, name: str, force: bool = False) -> None:
        """End a terminal and forget whose it was."""
        self.owned.forget(name)
        await super().terminate(name, force=force)

    def list(self) -> list[dict[str, Any]]:
        """Return the terminals of whoever asks."""
        return [model for model in super().list() if self.owned.mine(model["name"])]
