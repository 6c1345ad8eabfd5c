"""What surrounds every request: headers, sizes, the log, and the last resort."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from mozg.serve.api.app import create_app
from mozg.store.database import app_engine

from .conftest import PASSWORD, V1


@pytest.mark.parametrize(
    "path", ["/sign-in", "/docs", "/assets/docs.js", "/nowhere", f"{V1}/auth/me", f"{V1}/openapi.json"]
)
def test_every_answer_is_safe_to_show(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert "server" not in headers
    assert headers["cache-control"] in ("no-store", "public, max-age=3600")


def test_what_is_read_is_kept_by_its_reader_alone(team):
    headers = team["viewer"].client.get(f"{V1}/venues").headers
    assert (headers["cache-control"], headers["vary"]) == ("private, no-cache", "Authorization")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("PUT", f"{V1}/venues", 405),
        ("DELETE", f"{V1}/auth/me", 405),
        ("GET", "/assets/../../pyproject.toml", 404),
        ("GET", "/assets/..%2f..%2fpyproject.toml", 404),
        ("GET", "/assets/page.html", 404),
    ],
)
def test_what_is_not_there_is_a_problem_too(client, method, path, status):
    refused = client.request(method, path)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"email": 1' + b"0" * 5000 + b"}", 400),
        (b'{"email": "\\ud800", "password": "x"}', 422),
        (b"", 422),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_json_is_refused(client, content, status):
    refused = client.post(f"{V1}/auth/login", content=content, headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


def test_a_body_has_an_end(client):
    for body in (b"x" * 1_000_001, iter([b"x" * 600_000] * 2)):
        refused = client.post(f"{V1}/auth/login", content=body, headers={"Content-Type": "application/json"})
        assert (refused.status_code, refused.json()["title"]) == (413, "Request Entity Too Large")


def test_no_page_of_another_origin_reads_the_api_unless_named(client, running, tmp_path):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    assert client.options(f"{V1}/venues", headers=asked).status_code == 405
    assert not [name for name in client.get(f"{V1}/venues", headers=asked).headers if name.startswith("access-control")]
    with running(tmp_path, MOZG_CORS_ORIGINS="https://app.example") as api, api.client() as named:
        allowed = named.options(f"{V1}/venues", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://app.example"
        assert "access-control-allow-credentials" not in allowed.headers
        other = named.get(f"{V1}/venues", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_the_log_tells_who_asked_for_what_and_no_secret(api, client, team):
    team["viewer"].client.get(f"{V1}/venues?after=s3cret-query")
    client.post(f"{V1}/auth/login", json={"email": team["viewer"].user.email, "password": PASSWORD + "s3cret"})
    client.get("/sign-in%0Aforged%20line?next=/s3cret")
    log = api.log.read_text()
    assert f"GET {V1}/venues 200" in log
    assert f"person {team['viewer'].user.id}" in log
    assert f"POST {V1}/auth/login 401" in log
    assert "s3cret" not in log
    assert team["viewer"].token not in log
    assert "\nforged" not in log


@pytest.fixture
def broken():
    """The application with two routes that fail."""
    app = create_app()

    @app.get("/broken")
    def broken() -> None:
        raise KeyError("s3cret inside")

    @app.get("/refused")
    def refused() -> None:
        with app_engine().connect() as connection:
            connection.execute(text("SELECT CAST(:value AS int)"), {"value": "".join(["s3", "cret"])})

    @app.get("/gone")
    def gone() -> None:
        with app_engine().connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async def get(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.get(path)

    return lambda path: asyncio.run(get(path))


def test_what_nobody_foresaw_is_told_by_number_only(broken, caplog):
    refused = broken("/broken")
    told = refused.json()
    assert (refused.status_code, refused.headers["content-type"]) == (500, "application/problem+json")
    assert "s3cret" not in refused.text
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert f"incident {told['incident']}: KeyError: 's3cret inside'" in caplog.text
    assert "test_guarding.py" in caplog.text


def test_what_the_database_refused_is_not_in_the_log(broken, caplog, database):
    refused = broken("/refused")
    assert refused.status_code == 500
    assert "s3cret" not in refused.text + caplog.text
    assert "incident" in caplog.text


def test_a_database_that_goes_away_in_the_middle_is_told_as_such(broken, caplog, database):
    refused = broken("/gone")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert "Is Postgres running?" in caplog.text
    assert broken("/gone").status_code == 503


def test_no_proxy_is_believed_where_there_is_none(api, team):
    headers = {"X-Forwarded-For": "192.0.2.77", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    page = httpx.get(f"{api.address}/sign-in", headers=headers)
    assert page.status_code == 200
    assert "evil.example" not in page.text + str(page.headers)


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/venues", "GET, POST"), ("/venues/1", "GET, PATCH, DELETE"), ("/auth/telegram/link", "POST, DELETE")],
)
def test_a_refused_method_tells_which_there_are(client, path, methods):
    refused = client.put(V1 + path)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
