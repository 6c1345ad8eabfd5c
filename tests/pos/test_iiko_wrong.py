"""A connection that is wrong says so in one sentence, with what to do: each in the same words wherever it is shown."""

import datetime
import ipaddress
import socket
import ssl
import threading
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mozg.errors import TillAccessDenied, TillAnswerError, TillBusy, TillUnreachable
from mozg.pos.iiko import connect_cloud, connect_server
from mozg.simulate import faults


@pytest.fixture(params=["server", "cloud"])
def door(request):
    return request.param


@pytest.fixture
def venue(door, venues):
    return venues[0] if door == "server" else venues[2]


@pytest.fixture
def connect(door, patience):
    make = connect_server if door == "server" else connect_cloud
    return lambda venue: make(venue, patience)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but itself has signed, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "till.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encrypted_port(certificate):
    """A till whose certificate is its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_shake_hands, args=(listener, context), daemon=True).start()
        yield listener.getsockname()[1]


def _shake_hands(listener, context):
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        try:
            context.wrap_socket(plain, server_side=True).close()
        except OSError:
            plain.close()


def at(venue, address):
    return replace(venue, pos_config=venue.pos_config | {"base_url": address})


def sentence(caught):
    text = str(caught.value)
    assert text.startswith("iiko at 127.0.0.1 ")
    assert text.endswith(".")
    assert "\n" not in text
    return text


def opened(connect, venue):
    with connect(venue) as till:
        till.about()
        return till.sales(datetime.date(2026, 10, 20), datetime.date(2026, 10, 20))


def test_bad_credentials(connect, venue, door):
    secret = "password" if door == "server" else "client_secret"
    wrong = replace(venue, pos_config=venue.pos_config | {secret: "not the one"})
    with pytest.raises(TillAccessDenied) as caught:
        opened(connect, wrong)
    assert "Check the venue's credentials." in sentence(caught)


def test_a_wrong_organisation(connect, venue, door):
    setting = "department_id" if door == "server" else "organization_id"
    wrong = replace(venue, pos_config=venue.pos_config | {setting: "00000000-0000-0000-0000-000000000000"})
    with pytest.raises(TillAccessDenied) as caught:
        opened(connect, wrong)
    assert f"Set {setting} to one of those that it shows:" in sentence(caught)
    assert venue.name in sentence(caught)


def test_a_closed_port(connect, venue):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TillUnreachable) as caught:
        opened(connect, at(venue, f"http://127.0.0.1:{port}"))
    assert "cannot be reached" in sentence(caught)
    assert "Check its address and the network" in sentence(caught)


def test_a_certificate_that_nobody_signed(connect, venue, encrypted_port):
    with pytest.raises(TillUnreachable) as caught:
        opened(connect, at(venue, f"https://127.0.0.1:{encrypted_port}"))
    assert "does not trust (self-signed certificate)" in sentence(caught)
    assert "SSL_CERT_FILE" in sentence(caught)


def test_encryption_where_there_is_none(connect, venue, served):
    with pytest.raises(TillUnreachable) as caught:
        opened(connect, at(venue, served.address.replace("http://", "https://")))
    assert "does not speak TLS at this port" in sentence(caught)


def test_a_version_without_a_column(connect, venue, served):
    served.faults.lacks = frozenset({"UniqOrderId.Id"})
    with pytest.raises(TillAnswerError) as caught:
        opened(connect, venue)
    assert "no column UniqOrderId.Id in its report SALES" in sentence(caught)
    assert "Update iiko to 6.0 or newer" in sentence(caught)


def test_a_version_that_lacks_what_can_be_missed(connect, venue, served):
    whole = opened(connect, venue)
    served.faults.lacks = frozenset({"VAT.Sum", "RestaurantSection", "WaiterName.ID", "RemovalType"})
    partly = opened(connect, venue)
    assert [one._replace(vat=None, hall=None) for one in whole.receipts] == partly.receipts
    assert {(one.vat, one.waiter, one.void_reason) for one in partly.items} == {(None, None, None)}


@pytest.mark.parametrize("door", ["server"], indirect=True)
def test_a_server_that_is_too_old(connect, venue, served):
    served.faults.version = "5.4.1021.0"
    with pytest.raises(TillAnswerError) as caught:
        opened(connect, venue)
    assert "is iiko 5.4.1021.0, and 6.0 is the oldest that can be read" in sentence(caught)


REPORT = {"server": "/v2/reports/olap", "cloud": "/olap/get"}


def test_rows_that_come_twice_and_in_another_order_count_once(connect, venue, door, served):
    served.faults.changed("columns", faults.strange)  # an answer that is no list of rows keeps its shape
    whole = opened(connect, venue)
    served.faults.clear()
    for _ in range(8):
        served.faults.changed(REPORT[door], faults.doubled)
    again = opened(connect, venue)
    for name in ("receipts", "items", "payments"):
        assert sorted(map(str, getattr(again, name))) == sorted(map(str, getattr(whole, name)))


def test_fields_that_nobody_has_heard_of_do_no_harm(connect, venue, door, served):
    whole = opened(connect, venue)
    for _ in range(8):
        served.faults.changed(REPORT[door], faults.strange)
    assert opened(connect, venue) == whole


def test_a_field_that_is_missing_is_named(connect, venue, door, served):
    for _ in range(8):
        served.faults.changed(REPORT[door], faults.lacking("OpenTime"))
    with pytest.raises(TillAnswerError) as caught:
        opened(connect, venue)
    assert "OpenTime" in sentence(caught)


def test_names_in_another_encoding_do_not_become_nonsense(connect, venue, door, served):
    path = "products/group/list" if door == "server" else "group/list"
    served.faults.changed(path, faults.garbled)
    with pytest.raises(TillAnswerError) as caught, connect(venue) as till:
        till.catalogue()
    assert "text in an unknown encoding" in sentence(caught)


def test_an_answer_that_comes_drop_by_drop(connect, venue, door, served, patience):
    make = connect_server if door == "server" else connect_cloud
    for _ in range(3):
        served.faults.drip(REPORT[door] if door == "cloud" else "/v2/reports/olap", 0.1)
    with (
        pytest.raises(TillUnreachable) as caught,
        make(venue, replace(patience, whole=0.15, attempts=2)) as till,
    ):
        till.sales(datetime.date(2026, 10, 20), datetime.date(2026, 10, 20))
    assert "no answer in time" in sentence(caught)
    assert served.licence.taken == 0


@pytest.mark.parametrize("door", ["cloud"], indirect=True)
def test_a_restaurant_that_is_slower_than_the_cloud_waits(connect, venue, served):
    for _ in range(3):
        served.faults.slow("/olap/get", 3600)
    with pytest.raises(TillBusy) as caught:
        opened(connect, venue)
    assert "408" in sentence(caught)
