"""From the bytes of a file to its text: compression, encoding, and what is plainly broken.

Nothing is replaced or ignored on the way: a byte that cannot be read refuses the file and is named by row and offset.
"""

import gzip
import re
import zlib
from pathlib import Path

from charset_normalizer import from_bytes

from mozg.errors import ImportFileError

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SINGLE_BYTE = ["cp1252", "cp1251", "cp866", "koi8_r"]
SAMPLE_BYTES = 65_536

_TYPOGRAPHY = re.compile("[\u2010-\u203a\u20ac\u00a0-\u00bf№×]")
_RARE_LETTERS = re.compile("[ðþÿÐÞ÷]")
_MIXED_SCRIPTS = re.compile("[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of ``path``, unpacked when they are gzip. Refuses a missing, empty or truncated file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ImportFileError(f"{path.name} cannot be read: {error.strerror or error}. Check the path.") from error
    content = _unpacked(raw, path) if raw.startswith(GZIP_MAGIC) else raw
    if not content.strip():
        raise ImportFileError(f"{path.name} is empty. Export it again from the till.")
    return content


def _unpacked(raw: bytes, path: Path) -> bytes:
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportFileError(
            f"{path.name} is not a whole gzip file ({error}); it was probably cut short. Copy or export it again."
        ) from error


def text_of(raw: bytes, path: Path, encoding: str | None = None) -> tuple[str, str]:
    """Return ``(text, encoding)``; the encoding is taken from the bytes unless it is given.

    Tried in this order: a byte order mark, UTF-16 without one, UTF-8, then one of the single-byte code pages that
    tills write. Raises `ImportFileError` with row and offset where bytes do not fit.
    """
    chosen = encoding or _encoding_of(raw, path)
    try:
        return raw.decode(chosen), chosen
    except UnicodeDecodeError as error:
        raise _bad_byte(raw, error.start, path, chosen) from error
    except LookupError as error:
        raise ImportFileError(f"{path.name}: there is no encoding called {chosen!r}. Try utf-8 or cp1251.") from error


def _encoding_of(raw: bytes, path: Path) -> str:
    for mark, name in BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return name
    if b"\0" in raw:
        return _wide_encoding(raw, path)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(raw):
            raise _bad_byte(raw, error.start, path, "utf-8") from error
        return _code_page(raw, path, error.start)
    return "utf-8"


def _wide_encoding(raw: bytes, path: Path) -> str:
    even, odd = raw[0:SAMPLE_BYTES:2].count(0), raw[1:SAMPLE_BYTES:2].count(0)
    half = len(raw[:SAMPLE_BYTES]) // 2
    if len(raw) % 2 == 0 and max(even, odd) > 0.4 * half and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    raise _bad_byte(raw, raw.index(0), path, "text")


def _is_mostly_utf8(raw: bytes) -> bool:
    readable = sum(1 for letter in raw.decode("utf-8", errors="ignore") if letter > "\x7f")
    broken = raw.decode("utf-8", errors="replace").count("\ufffd")
    return readable > broken


def _code_page(raw: bytes, path: Path, first_bad: int) -> str:
    lines = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:SAMPLE_BYTES]
    best = from_bytes(lines, cp_isolation=SINGLE_BYTE, preemptive_behaviour=False).best()
    if best is None or not _reads_like_words(lines.decode(best.encoding, errors="replace")):
        raise _bad_byte(raw, first_bad, path, "utf-8")
    return best.encoding


def _reads_like_words(text: str) -> bool:
    """Whether every foreign sign is a letter in its own script or common typography, as in a file that people wrote."""
    foreign = [sign for sign in text if sign > "\x7f" and not _TYPOGRAPHY.match(sign)]
    strange = sum(1 for sign in foreign if not sign.isalpha() or _RARE_LETTERS.match(sign))
    mixed = len(_MIXED_SCRIPTS.findall(text))
    return strange + mixed <= 0.02 * len(foreign)


def _bad_byte(raw: bytes, offset: int, path: Path, encoding: str) -> ImportFileError:
    row = raw.count(b"\n", 0, offset) + 1
    return ImportFileError(
        f"{path.name}, row {row}: byte 0x{raw[offset]:02x} at offset {offset} cannot be read as {encoding}. "
        "The file is damaged or mixes encodings; export it again, or name its encoding in the mapping under [file]."
    )
