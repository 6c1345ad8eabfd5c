"""What a public project must not contain: paths of one machine, addresses of one network, secrets."""

import re

import pytest

#: Pattern by what it would give away. Written so that this file does not match itself.
FORBIDDEN = {
    "a path in somebody's home": r"/(?:root|home/(?!\w+/?\$|user\b)[a-z][\w.-]*|Users/[\w.-]+)/|[A-Z]:\\+Users\\+",
    "a path of one machine": r"(?<![\w.])/(?:work|opt|workspace|builds)/",
    "an address of a private network": r"(?<![\d.])(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+(?![\d.])",
    "a host that only one network knows": r"(?i)https?://[\w.-]+\.(?:internal|intranet|corp|lan|local)\b",
    "a package index of one's own": r"(?i)(?<!emit-)\b(?:(?:extra-)?index-url|find-links|artifactory|devpi)\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a key to a cloud": r"\bAKIA[0-9A-Z]{16}\b",
    "a Telegram bot's token": r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b",
}
#: Words that this file itself must spell.
EXEMPT = {"tests/house/test_words.py"}


def finds(text):
    """Yield ``(line number, what it gives away, the words)``."""
    for number, line in enumerate(text.splitlines(), start=1):
        for meaning, pattern in FORBIDDEN.items():
            if found := re.search(pattern, line):
                yield number, meaning, found.group()


def test_the_project_names_no_machine_and_no_secret(root, project_files):
    offences = [
        f"{path}:{number} {meaning}: {words}"
        for path in project_files
        if str(path) not in EXEMPT
        for number, meaning, words in finds((root / path).read_text("utf-8", errors="replace"))
    ]
    assert not offences, "\n".join(offences)


def test_the_lock_names_no_place(root):
    """Versions and hashes only: what resolves here resolves behind any index."""
    assert not re.findall(r"\S*(?:https?|file)://\S*", (root / "requirements.lock").read_text())


@pytest.mark.parametrize(
    "line",
    [
        "open('/root/data.csv')",
        "cd /home/anna/mozg",
        "/Users/anna/mozg",
        r"C:\Users\anna",
        "see /work/notes.md",
        "http://192.168.1.20:8000",
        "https://pypi.chain.internal/simple",
        "pip install --index-url x",
        "AKIA" + "A" * 16,
        "-----BEGIN RSA PRIVATE KEY",
        "123456789:" + "a" * 35,
    ],
)
def test_what_must_not_be_written_is_noticed(line):
    assert list(finds(line))


@pytest.mark.parametrize(
    "line",
    [
        "http://127.0.0.1:8866",
        "/usr/bin/chromium",
        "--no-emit-index-url",
        "~/.cache",
        "https://api-ru.iiko.services",
        "network/home",
    ],
)
def test_what_may_be_written_is_let_through(line):
    assert not list(finds(line))
