"""WebSockets that tests open themselves, and what they say to kernels on them."""

import uuid
from typing import Any

from tornado.websocket import WebSocketClientConnection


def hang_up(socket: WebSocketClientConnection) -> None:
    """Close a socket at once: the event loop of a test ends before both sides have said goodbye."""
    stream = socket.protocol.stream if socket.protocol else None
    socket.close()
    if stream is not None:
        stream.close()


def message(kind: str, channel: str = "shell", **content: Any) -> dict[str, Any]:
    """A message to a kernel, as a page sends it."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "version": "5.3"}
    metadata = {"version": "1.0.0"} if kind == "comm_open" else {}
    parts = {"header": header | {"date": "2026-01-01T00:00:00Z"}, "parent_header": {}, "metadata": metadata}
    return {**parts, "content": content, "channel": channel, "buffers": []}
