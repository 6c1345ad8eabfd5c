"""The API's description: equal to the one in the repository, whole, and shown by this machine alone."""

import json
from pathlib import Path

from mozg.serve.api.app import create_app

from .conftest import V1

FILE = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
ASKED_FOR = {
    "/auth/register", "/auth/login", "/auth/telegram", "/auth/refresh", "/auth/me", "/auth/logout", "/auth/password",
    "/auth/password/reset", "/organizations/current", "/organizations/users", "/organizations/users/{user_id}",
    "/venues", "/venues/{venue_id}", "/venues/{venue_id}/sync", "/venues/{venue_id}/sync/status",
}  # fmt: skip


def operations(document):
    return [(path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def test_the_file_is_what_the_api_says_of_itself(client):
    kept = json.loads(FILE.read_text())
    assert create_app().openapi() == kept, "Run `python scripts/openapi.py` and look at what changed."
    assert client.get(f"{V1}/openapi.json").json() == kept


def test_every_route_tells_how_it_refuses():
    document = create_app().openapi()
    assert {V1 + path for path in ASKED_FOR} <= document["paths"].keys()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, method, one in operations(document):
        for status in ("400", "413", "422", "429", "500", "503"):
            assert "application/problem+json" in one["responses"][status]["content"], (path, method, status)
        assert "401" in one["responses"] or "security" not in one, (path, method)
        assert one["summary"]
        assert one["description"], (path, method)
        if method == "patch":
            assert "412" in one["responses"]


def test_operations_have_names_of_their_own():
    names = [one["operationId"] for _, _, one in operations(create_app().openapi())]
    assert len(names) == len(set(names))


def test_the_page_for_developers_asks_nobody_else(client):
    page = client.get("/docs")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "http" not in page.text
    for name, kind in (("swagger-ui-bundle.js", "javascript"), ("swagger-ui.css", "css"), ("docs.js", "javascript")):
        assert f"/assets/{name}" in page.text
        asset = client.get(f"/assets/{name}")
        assert (asset.status_code, kind in asset.headers["content-type"]) == (200, True)
