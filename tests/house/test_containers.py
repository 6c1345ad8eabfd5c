"""The containers, as far as they can be judged without an engine: loopback only, pinned, quiet, from the same lists."""

import re

import pytest
import yaml


@pytest.fixture(scope="module")
def compose(root):
    return yaml.safe_load((root / "docker-compose.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def dockerfile(root):
    return (root / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def test_the_services(compose):
    assert {"postgres", "mozg"} <= set(compose["services"])
    assert compose["services"]["mozg"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "pg_isready" in " ".join(compose["services"]["postgres"]["healthcheck"]["test"])


def test_nothing_is_published_beyond_loopback(compose):
    ports = [str(port) for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert not [port for port in ports if not port.startswith("127.0.0.1:")]


def test_images_are_pinned(compose, dockerfile):
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(images) > 2
    assert not [image for image in images if not re.fullmatch(r"[\w./-]+:\d[\w.-]*", image)]


def test_the_data_survive_the_container(compose):
    mounts = {mount.split(":")[1] for service in compose["services"].values() for mount in service.get("volumes", [])}
    assert {"/var/lib/postgresql", "/srv/mozg/var", "/srv/mozg/reports/archive"} <= mounts
    named = {mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == set(compose["volumes"])


def test_no_password_is_written_down(root, compose):
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert not re.search(
        r"(?im)(?:password|secret|token)\w*[=:]\s*[\w-]+\s*$", (root / "docker-compose.yml").read_text()
    )


def test_nothing_calls_home(compose, dockerfile):
    environment = compose["services"]["mozg"]["environment"]
    assert (environment["DO_NOT_TRACK"], environment["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")
    assert "DO_NOT_TRACK=1" in dockerfile
    assert "PREFECT_SERVER_ANALYTICS_ENABLED=false" in dockerfile


def test_the_image_installs_the_same_lists_as_the_setup(root, dockerfile):
    """No package is named in the Dockerfile: Debian's come from the setup's list, Python's from the lock."""
    [install] = re.findall(r"apt-get [^&\n]*install[^&\n]*", dockerfile)
    assert "xargs -a scripts/apt-packages.txt apt-get" in dockerfile
    assert not [word for word in install.split()[1:] if not word.startswith("-") and word != "install"]
    assert "scripts/apt-packages.txt" in (root / "scripts/system.sh").read_text()
    assert "scripts/setup.sh" in dockerfile
    assert "requirements.lock" in (root / "scripts/setup.sh").read_text()


def test_the_list_of_packages_is_a_list(root):
    names = (root / "scripts/apt-packages.txt").read_text().split("\n")
    assert names.pop() == ""
    assert len(set(names)) == len(names)
    assert not [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name)]


def test_the_service_is_not_root(dockerfile):
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["mozg"]
    assert "DONTWRITEBYTECODE" not in dockerfile


def test_secrets_and_data_stay_out_of_the_image(root):
    assert {".env", "var", ".venv", ".git"} <= set((root / ".dockerignore").read_text().split())
