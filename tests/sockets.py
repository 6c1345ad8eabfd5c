"""WebSockets that tests open themselves."""

from tornado.websocket import WebSocketClientConnection


def hang_up(socket: WebSocketClientConnection) -> None:
    """Close a socket at once: the event loop of a test ends before both sides have said goodbye."""
    stream = socket.protocol.stream if socket.protocol else None
    socket.close()
    if stream is not None:
        stream.close()
