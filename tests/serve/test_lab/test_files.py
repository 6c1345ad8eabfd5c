"""Files through the server, which is not confined itself: it must follow nobody out of their folder."""

import os

import pytest

from mozg.serve.lab.desk import folder_of
from mozg.settings import settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def links(ann):
    """Links that no kernel can make, put there from outside the walls: to a file, a folder, and a colleague's."""
    folder = folder_of("ours") / ann.folder
    targets = {"file.txt": settings().var / "secret.key", "folder": settings().var, "up": folder_of("ours")}
    for name, target in targets.items():
        (folder / name).symlink_to(target)
    yield
    for name in targets:
        (folder / name).unlink()


def escapes(ann, ben):
    own, other = ann.folder, ben.folder
    return [
        f"{other}/notebooks/sales.ipynb", f"{own}/../{other}/notebooks/sales.ipynb", f"{own}/file.txt",
        f"{own}/folder/secret.key", f"{own}/up/{other}/notebooks/sales.ipynb", f"{own}/.duckdb/extensions",
        "%2e%2e/%2e%2e/secret.key", f"{own}/%2e%2e/{other}/notebooks", ".jupyterlab",
    ]  # fmt: skip


def test_nobody_reads_beyond_their_folder(ann, ben, links):
    secret = settings().secret.decode()
    for path in escapes(ann, ben):
        for route in ("/api/contents/", "/files/", "/static/", "/lab/api/workspaces/"):
            answer = ann.send("GET", route + path)
            assert answer.status_code >= 400 or route not in ("/api/contents/", "/files/"), route + path
            assert secret not in answer.text
        kept = ann.send("GET", f"/api/contents/{path}/checkpoints")
        assert kept.status_code >= 400 or kept.text == "[]", path


def test_nobody_writes_beyond_their_folder(ann, ben, links):
    before = sorted(os.walk(folder_of("ours") / ben.folder)), settings().secret
    new = {"type": "file", "format": "text", "content": "x"}
    for path in escapes(ann, ben):
        assert ann.send("PUT", f"/api/contents/{path}", json=new).status_code >= 400, path
        assert ann.send("DELETE", f"/api/contents/{path}").status_code >= 400, path
        assert ann.send("POST", f"/api/contents/{path}", json={"type": "file"}).status_code >= 400, path
        moved = ann.send("PATCH", f"/api/contents/{path}", json={"path": f"{ann.folder}/mine"})
        assert moved.status_code >= 400, path
        copied = ann.send("POST", f"/api/contents/{ann.folder}", json={"copy_from": path})
        assert copied.status_code >= 400, path
        kept = ann.send("POST", f"/api/contents/{path}/checkpoints")
        assert kept.status_code >= 400, path
    given = f"/api/contents/{ann.folder}/notebooks/sales.ipynb"
    assert ann.send("PATCH", given, json={"path": f"{ben.folder}/x.ipynb"}).status_code >= 400
    assert (sorted(os.walk(folder_of("ours") / ben.folder)), settings().secret) == before


def test_the_root_shows_ones_own_folder_alone(ann, ben):
    listed = ann.send("GET", "/api/contents").json()["content"]
    assert [one["name"] for one in listed] == [ann.folder]


def test_ones_own_files_are_kept_copied_and_downloaded(ann):
    new = {"type": "file", "format": "text", "content": "soup"}
    path = f"/api/contents/{ann.folder}/menu.txt"
    assert ann.send("PUT", path, json=new).status_code == 201
    assert ann.send("POST", f"{path}/checkpoints").status_code == 201
    assert ann.send("PUT", path, json=new | {"content": "salad"}).status_code == 200
    assert ann.send("POST", f"{path}/checkpoints/checkpoint").status_code == 204
    assert ann.send("GET", f"/files/{ann.folder}/menu.txt").text == "soup"
    assert ann.send("DELETE", path).status_code == 204
    assert not (folder_of("ours") / ann.folder / "menu.txt").exists()
