"""Where tills may be."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from mozg.errors import TillUnreachable
from mozg.pos import network
from mozg.pos.trust import fingerprint_at
from mozg.settings import Settings


@pytest.fixture
def server():
    """A service of our own on loopback, which counts who comes."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(self.headers["Host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield served.server_port, came
        served.shutdown()


@pytest.fixture
def client(monkeypatch):
    def _client(setting):
        monkeypatch.setattr(network, "settings", lambda: Settings(MOZG_TILL_NETWORK=setting))
        return httpx.Client(transport=network.transport())

    return _client


def test_a_till_in_the_house_is_reached_unless_forbidden(client, server):
    port, came = server
    with client("any") as free:
        assert free.get(f"http://127.0.0.1:{port}/").status_code == 204
    assert came == [f"127.0.0.1:{port}"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.1", "192.168.257",
     "172.16.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "2130706433", "0x7f.1"],
)  # fmt: skip
def test_where_strangers_register_nobody_is_led_inside(client, server, host):
    port, came = server
    with client("public") as public, pytest.raises(TillUnreachable, match="which is no public address"):
        public.get(f"http://{host}:{port}/")
    assert came == []


def test_a_name_counts_for_what_it_leads_to(client, server, monkeypatch):
    port, came = server
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_, **__: answer)
    with client("public") as public, pytest.raises(TillUnreachable, match=r"till\.example leads to 127\.0\.0\.1"):
        public.get(f"http://till.example:{port}/")
    assert came == []


def test_the_checked_address_is_the_one_connected_to(client, server, monkeypatch):
    """A second look at the name could lead elsewhere; the host's own name still goes along."""
    port, came = server
    monkeypatch.setattr(network, "_public_address", lambda host: "127.0.0.1")
    with client("public") as public:
        assert public.get(f"http://till.example:{port}/").status_code == 204
    assert came == [f"till.example:{port}"]


def test_nobodys_certificate_is_looked_at_inside(client):
    with socket.create_server(("127.0.0.1", 0)) as listener, client("public"):
        with pytest.raises(TillUnreachable, match="which is no public address"):
            fingerprint_at("localhost", listener.getsockname()[1])
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
