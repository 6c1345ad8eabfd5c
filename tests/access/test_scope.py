"""A scope is believed only with our signature, for our purpose, and for a short while."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mozg.access.scope import AUDIENCE, Scope, public_key, read_scope
from mozg.access.secrets import derived_key
from mozg.errors import ScopeError

SCOPES = [
    Scope("chain", "anna@example.com", "owner"),
    Scope("chain", "Анна", "manager", (1, 2, 3)),
    Scope("chain", "nobody", "viewer", ()),
]


def claims(**changed):
    expires = datetime.now(UTC) + timedelta(minutes=5)
    return {"aud": AUDIENCE, "exp": expires, "org": "chain", "sub": "x", "role": "owner", "venues": None} | changed


def our_key():
    return Ed25519PrivateKey.from_private_bytes(derived_key("scope"))


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.role)
def test_a_scope_survives_the_way(scope):
    assert read_scope(scope.sign(), public_key()) == scope


def test_no_venues_is_not_every_venue():
    assert read_scope(SCOPES[2].sign(), public_key()).venues == ()
    assert read_scope(SCOPES[0].sign(), public_key()).venues is None


def test_a_token_of_our_own_making_is_read():
    """Else the forgeries below would be refused for another reason than the one tried."""
    token = jwt.encode(claims(), our_key(), algorithm="EdDSA")
    assert read_scope(token, public_key()) == Scope("chain", "x", "owner")


def test_an_expired_scope_says_what_to_do():
    token = jwt.encode(claims(exp=datetime.now(UTC) - timedelta(seconds=1)), our_key(), algorithm="EdDSA")
    with pytest.raises(ScopeError, match=r"opened too long ago. Open it again"):
        read_scope(token, public_key())


def test_it_lives_as_long_as_asked():
    told = jwt.decode(SCOPES[0].sign(3), options={"verify_signature": False})
    assert told["exp"] - datetime.now(UTC).timestamp() == pytest.approx(180, abs=5)


def unsigned(header, payload):
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, payload))
    return b".".join(parts).decode() + "."


def plain_claims():
    return claims(exp=int((datetime.now(UTC) + timedelta(minutes=5)).timestamp()))


def tampered():
    header, payload, signature = SCOPES[1].sign().split(".")
    body = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(body | {"venues": None}).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


FORGERIES = {
    "another key": lambda: jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "another purpose of our key": lambda: jwt.encode(
        claims(), Ed25519PrivateKey.from_private_bytes(derived_key("seal")), algorithm="EdDSA"
    ),
    "another audience": lambda: jwt.encode(claims(aud="mozg-api"), our_key(), algorithm="EdDSA"),
    "no audience": lambda: jwt.encode({k: v for k, v in claims().items() if k != "aud"}, our_key(), algorithm="EdDSA"),
    "no end": lambda: jwt.encode({k: v for k, v in claims().items() if k != "exp"}, our_key(), algorithm="EdDSA"),
    "nobody": lambda: jwt.encode({k: v for k, v in claims().items() if k != "sub"}, our_key(), algorithm="EdDSA"),
    "no algorithm": lambda: unsigned({"alg": "none", "typ": "JWT"}, plain_claims()),
    "the public key as a shared secret": lambda: forged_hmac(),
    "RSA": lambda: jwt.encode(claims(), generate_private_key(65537, 2048), algorithm="RS256"),
    "changed on the way": tampered,
    "half a token": lambda: SCOPES[0].sign()[:-20],
    "no token": lambda: "",
}


def forged_hmac():
    import hashlib
    import hmac

    head = unsigned({"alg": "HS256", "typ": "JWT"}, plain_claims())[:-1]
    signature = hmac.new(public_key().encode(), head.encode(), hashlib.sha256).digest()
    return head + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_forgeries_are_refused(forgery):
    with pytest.raises(ScopeError, match="is not valid"):
        read_scope(forgery(), public_key())


def test_the_public_key_says_nothing_of_the_private_one():
    assert public_key().startswith("-----BEGIN PUBLIC KEY-----")
    assert base64.b64encode(derived_key("scope")).decode() not in public_key()
