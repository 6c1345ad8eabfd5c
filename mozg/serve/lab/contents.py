"""Files as the server shows them: to each analyst their own folder, and nothing that a link leads to outside it."""

from pathlib import Path
from typing import Any

from jupyter_server.files.handlers import FilesHandler
from jupyter_server.services.contents.filecheckpoints import AsyncFileCheckpoints
from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import default

from mozg.serve.lab.desk import name_of
from mozg.serve.lab.people import asking


class OwnFolder(FileManagerMixin):
    """Finds files in the folder of whoever asks, and in no other."""

    def _get_os_path(self, path: str) -> str:
        """Return where a file is.

        Raises:
            HTTPError: 404, it is not in the folder of whoever asks.
        """
        found: str = super()._get_os_path(path)
        root, inner = Path(self.root_dir).resolve(), Path(found).resolve()
        parts = inner.relative_to(root).parts if inner.is_relative_to(root) else None
        if parts is None or parts[:1] not in ((), _own()):
            raise HTTPError(404, f"There is no {path}.")
        return found


class OwnCheckpoints(OwnFolder, AsyncFileCheckpoints):
    """The copies that JupyterLab keeps of files, beside them."""


class OwnFiles(OwnFolder, AsyncLargeFileManager):
    """The files of whoever asks; deleted means deleted, and hidden files stay hidden."""

    @default("checkpoints_class")
    def _checkpoints_class_default(self) -> type[OwnCheckpoints]:
        return OwnCheckpoints

    @default("files_handler_class")
    def _files_handler_class_default(self) -> type[FilesHandler]:
        return FilesHandler  # asks this manager, where the usual one reads the disk by itself

    @default("files_handler_params")
    def _files_handler_params_default(self) -> dict[str, Any]:
        return {"path": self.root_dir}

    async def _dir_model(self, path: str, content: bool = True) -> dict[str, Any]:
        inner = bool(path.strip("/"))
        model: dict[str, Any] = await super()._dir_model(path, content and inner)
        if content and not inner:
            model |= {"content": [await self.get(name, content=False) for name in _own()], "format": "json"}
        return model


def _own() -> tuple[str, ...]:
    signed_in = asking()
    return () if signed_in is None else (name_of(signed_in.user),)
