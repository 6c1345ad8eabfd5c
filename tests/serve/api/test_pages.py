"""The pages for people: signing in and out with a cookie, and what others try with their forms."""

import re

import pytest

from mozg.access.users import add_user

from .conftest import PASSWORD, V1, link_of

COOKIE = "mozg_session"


@pytest.fixture
def own(api):
    """What a browser sends with a form of our own page."""
    return {"Origin": api.address}


@pytest.fixture(scope="module")
def trusting(running, tmp_path_factory):
    """An API that knows of dashboards and a lab."""
    origins = "http://127.0.0.1:8866 https://lab.example"
    with running(tmp_path_factory.mktemp("trusting"), MOZG_TRUSTED_ORIGINS=origins) as served:
        yield served


@pytest.fixture
def form(team):
    return {"email": team["viewer"].user.email, "password": PASSWORD, "next": "/docs"}


def test_the_page_is_in_one_piece_and_strict(client):
    page = client.get("/sign-in")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text) == ["data:;base64,=", "/assets/pages.css"]
    assert client.get("/assets/pages.css").headers["content-type"].startswith("text/css")


def test_a_right_password_gives_a_cookie_and_goes_on(client, own, form):
    entered = client.post("/sign-in", data=form, headers=own)
    assert (entered.status_code, entered.headers["location"]) == (303, "/docs")
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    assert client.get("/sign-in?next=/docs").headers["location"] == "/docs"
    assert client.get("/").headers["location"] == "/docs"


def test_the_cookie_is_for_pages_and_the_token_for_the_api(client, own, form, team):
    client.post("/sign-in", data=form, headers=own)
    cookie = client.cookies[COOKIE]
    assert client.get(f"{V1}/auth/me").status_code == 401
    assert client.get(f"{V1}/auth/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    client.cookies.set(COOKIE, team["viewer"].token)
    assert client.get("/").headers["location"] == "/sign-in"


def test_a_wrong_password_is_told_in_a_sentence(client, own, form):
    refused = client.post("/sign-in", data=form | {"password": "wrong words"}, headers=own)
    assert refused.status_code == 401
    assert 'role="alert">The address or the password is not right.<' in refused.text
    assert "set-cookie" not in refused.headers
    assert "wrong words" not in refused.text
    odd = client.post("/sign-in", data={"email": '"><script>alert(1)</script>', "password": "x"}, headers=own)
    assert odd.status_code == 401
    assert "<script" not in odd.text


def test_who_works_for_two_organisations_is_asked_which(client, own, form, strangers):
    user = strangers["viewer"].user
    add_user(user.organization_id, form["email"], "Twin", "viewer", password=PASSWORD)
    asked = client.post("/sign-in", data=form, headers=own)
    assert asked.status_code == 422
    assert 'name="organization"' in asked.text
    slug = form["email"].partition("@")[2].partition(".")[0]
    assert client.post("/sign-in", data=form | {"organization": slug}, headers=own).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://evil.example/"}, {"Origin": ""},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("page", ["/sign-in", "/sign-out", "/set-password"])
def test_a_form_of_somebody_elses_page_does_nothing(client, own, form, page, headers):
    client.post("/sign-in", data=form, headers=own)
    refused = client.post(page, data=form, headers=headers)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    assert client.get("/").headers["location"] == "/docs"


def test_signing_out_ends_the_session_not_only_the_cookie(client, own, form):
    client.post("/sign-in", data=form, headers=own)
    cookie = client.cookies[COOKIE]
    gone = client.post("/sign-out", headers=own)
    assert (gone.status_code, gone.headers["location"], COOKIE in client.cookies) == (303, "/sign-in", False)
    client.cookies.set(COOKIE, cookie)
    assert client.get("/").headers["location"] == "/sign-in"


def test_a_page_of_the_same_installation_may_sign_out(client, own, form):
    client.post("/sign-in", data=form, headers=own)
    quiet = {"Origin": "null", "Sec-Fetch-Site": "same-site"}
    assert client.post("/sign-in", data=form, headers=quiet).status_code == 403
    assert client.post("/sign-out", headers=quiet).status_code == 303


def test_a_session_planted_before_is_not_the_one_after(api, client, own, form, team):
    with api.client() as attacker:
        attacker.post("/sign-in", data=form | {"email": team["analyst"].user.email}, headers=own)
        planted = attacker.cookies[COOKIE]
        client.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/")
        client.post("/sign-in", data=form, headers=own)
        assert client.cookies[COOKIE] != planted
        assert attacker.get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "\x00//evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x", "http:evil.example",
        "http:///evil.example", "http://127.0.0.1:1/", "{own}@evil.example", "{own}.evil.example", "http://[", "",
        "///evil.example", "https:/evil.example", "/" * 3000, "/\r\nSet-Cookie: a=b", "/ok\r\n\r\n<script>", "docs",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(api, client, own, form, place):
    place = place.replace("{own}", api.address)
    shown = client.get("/sign-in", params={"next": place})
    assert re.search(r'name="next" value="([^"]*)"', shown.text)[1] == "/"
    entered = client.post("/sign-in", data=form | {"next": place}, headers=own)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "a=b" not in str(entered.headers)
    assert client.get("/sign-in", params={"next": place}).headers["location"] == "/"


@pytest.mark.parametrize(
    "place", ["/docs", "/docs?a=b&c=%2F%2Fx#y", "/é", "{own}/docs", "http://127.0.0.1:8866/voila/render/sales.ipynb"]
)
def test_who_came_from_our_pages_goes_back_there(trusting, form, place):
    with trusting.client() as client:
        place = place.replace("{own}", trusting.address)
        entered = client.post("/sign-in", data=form | {"next": place}, headers={"Origin": trusting.address})
        assert entered.headers["location"] == place.replace("é", "%C3%A9")
        assert "http://127.0.0.1:8866" in client.get("/set-password").headers["content-security-policy"]


def test_an_invitations_link_sets_a_password_once_and_signs_in(api, client, own, team, form):
    email = form["email"].replace("viewer", "nina")
    team["owner"].client.post(
        f"{V1}/organizations/users", json={"email": email, "name": "<b>Nina</b>", "role": "viewer"}
    )
    link = link_of(api.letters(email)[0])
    page = client.get(link)
    assert page.status_code == 200
    assert "&lt;b&gt;Nina" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    token = link.partition("token=")[2]
    wrong = [("a fine password", "another one"), ("short", "short"), ("aaaaaaaaaaaa", "aaaaaaaaaaaa")]
    for password, again in wrong:
        refused = client.post("/set-password", data={"token": token, "password": password, "again": again}, headers=own)
        assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    fields = {"token": token, "password": PASSWORD, "again": PASSWORD}
    assert client.post("/set-password", data=fields, headers=own).headers["location"] == "/"
    assert client.get("/").headers["location"] == "/docs"
    assert client.post("/set-password", data=fields, headers=own).status_code == 401
    assert "This link does not work" in client.get(link).text
    assert token not in api.log.read_text()


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00", "é" * 300])
def test_a_link_that_is_none_is_told_so(client, own, token):
    assert client.get("/set-password", params={"token": token}).status_code == 401
    fields = {"token": token, "password": PASSWORD, "again": PASSWORD}
    assert client.post("/set-password", data=fields, headers=own).status_code == 401


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 50, b"", b"email", b"email=%00&password=%00", b"next=%0d%0a"])
def test_what_is_no_form_is_refused(client, own, body):
    refused = client.post("/sign-in", content=body, headers=own)
    assert refused.status_code in (400, 401)


def test_over_https_the_cookie_is_secure(running, tmp_path, form):
    with running(tmp_path, MOZG_ADDRESS="https://mozg.example") as api, api.client() as client:
        entered = client.post("/sign-in", data=form, headers={"Origin": "https://mozg.example"})
        assert "Secure" in entered.headers["set-cookie"]
        assert "max-age" in entered.headers["strict-transport-security"]


def test_who_reads_russian_signs_in_in_russian(client):
    russian = {"Accept-Language": "ru-RU,ru;q=0.9"}
    page = client.get("/sign-in", headers=russian)
    assert '<html lang="ru">' in page.text
    assert "Пароль" in page.text
    assert page.headers["vary"] == "Accept-Language"
    assert "Ссылка не работает" in client.get("/set-password?token=x", headers=russian).text
    assert '<html lang="en">' in client.get("/sign-in", headers={"Accept-Language": "fr"}).text
