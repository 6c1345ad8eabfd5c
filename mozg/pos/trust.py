"""Whose certificates are good: those that this machine trusts, or the very one whose fingerprint a venue names.

Tills in restaurants sign their certificates themselves, often with keys too short for today's rules. A fingerprint
says which certificate is meant, so nothing else need be believed, neither its signer nor the length of its key.
"""

import hashlib
import hmac
import re
import socket
import ssl
from typing import Any, Literal

import httpx

from mozg.errors import SettingsError
from mozg.pos.network import reachable


class _Pinned(ssl.SSLContext):
    """TLS with one certificate in the world; it is looked at before a word is sent."""

    fingerprint: str

    def wrap_socket(self, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        wrapped = super().wrap_socket(*arguments, **named)
        certificate = wrapped.getpeercert(binary_form=True) or b""
        if not hmac.compare_digest(hashlib.sha256(certificate).hexdigest(), self.fingerprint):
            wrapped.close()
            error = ssl.SSLCertVerificationError(1, "CERTIFICATE_VERIFY_FAILED")
            error.verify_message = "it is not the one whose fingerprint the venue names"
            raise error
        return wrapped


def trusted(fingerprint: str | None) -> ssl.SSLContext | Literal[True]:
    """Return TLS that accepts the certificate with this SHA-256 fingerprint; without one, what the machine trusts.

    Raises:
        SettingsError: the text is no fingerprint.
    """
    if not fingerprint:
        return True
    plain = re.sub(r"[\s:]", "", fingerprint).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise SettingsError(
            f"{fingerprint!r} is no SHA-256 fingerprint of a certificate, which has 64 hexadecimal digits."
        )
    context = _Pinned(ssl.PROTOCOL_TLS_CLIENT)
    context.fingerprint = plain
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    return context


def fingerprint_at(host: str, port: int) -> str | None:
    """Return the SHA-256 fingerprint of the certificate that ``host`` shows, None if it shows none.

    Raises:
        TillUnreachable: the host is not where tills may be, see `mozg.pos.network`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    try:
        place = (reachable(host), port)
        with socket.create_connection(place, timeout=10) as plain, context.wrap_socket(plain) as wrapped:
            return hashlib.sha256(wrapped.getpeercert(binary_form=True) or b"").hexdigest()
    except (OSError, httpx.ConnectError):
        return None
