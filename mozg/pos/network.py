"""Where tills may be: anywhere, or on the Internet only.

Who says where a till is makes us connect there. An installation that serves strangers sets
``MOZG_TILL_NETWORK=public``, so that nobody reaches its own services or its neighbours through us.
"""

import socket
import ssl
from ipaddress import ip_address
from typing import Literal

import httpx

from mozg.errors import TillUnreachable
from mozg.settings import settings


def transport(trust: ssl.SSLContext | Literal[True] = True) -> httpx.HTTPTransport:
    """Return how tills are connected to, as the setting ``MOZG_TILL_NETWORK`` says; ``trust`` judges certificates."""
    return (PublicOnly if settings().till_network == "public" else httpx.HTTPTransport)(verify=trust)


def reachable(host: str) -> str:
    """Return where a host may be connected to: at itself, or at a public address of its own where only those may be.

    Raises:
        TillUnreachable: the host's name leads to an address that is not public.
        httpx.ConnectError: nobody knows the name.
    """
    return _public_address(host) if settings().till_network == "public" else host


class PublicOnly(httpx.HTTPTransport):
    """Connects to public addresses only, and to the very address that was checked: a name may change its mind."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            TillUnreachable: the host's name leads to an address that is not public.
        """
        host = request.url.host
        sent = httpx.Request(
            request.method,
            request.url.copy_with(host=_public_address(host)),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions | {"sni_hostname": host},
        )
        return super().handle_request(sent)


def _public_address(host: str) -> str:
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpx.ConnectError(f"{host} is not known: {error}") from error
    hidden = [address for address in found if not ip_address(address.partition("%")[0]).is_global]
    if hidden:
        raise TillUnreachable(
            f"{host} leads to {hidden[0]}, which is no public address, and this installation reads tills on the "
            "Internet only. Give the till's public address, or have MOZG_TILL_NETWORK changed."
        )
    return found[0]
