"""Files that show that something happened: what may be attached, by its content and not by its name."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Final

from django.core.files.uploadedfile import UploadedFile

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_NAME: Final = 150
MOST_ENTRIES: Final = 2000
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES: Final = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": WORD,
}
ACCEPTED: Final = ",".join(_TYPES)
NOT_ACCEPTED: Final = "Attach a PDF, a photo (JPEG or PNG) or a Word document (.docx)."
EMPTY: Final = "The file is empty."
TOO_LARGE: Final = "The file is larger than 10 MB. A photo of the certificate is enough."


class EvidenceRefused(ValueError):
    """The file cannot be taken; the message is a sentence fit for the user."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a file that may be kept: the name it is given back under, and its type."""

    name: str
    content_type: str


def inspect(file: IO[bytes] | UploadedFile, *, name: str, size: int) -> Evidence:
    """Look at a file's first bytes, and a Word file's table of contents; nothing is unpacked.

    EvidenceRefused where it is empty, too large, of another kind, or its name says something else
    than its content. The file is left at its beginning.
    """
    if size > MAX_BYTES:
        raise EvidenceRefused(TOO_LARGE)
    if size == 0:
        raise EvidenceRefused(EMPTY)
    clean = clean_name(name)
    file.seek(0)
    head = file.read(1024)
    found = _type_of(head, file)
    file.seek(0)
    if found is None or _TYPES.get(PurePosixPath(clean).suffix.lower()) != found:
        raise EvidenceRefused(NOT_ACCEPTED)
    return Evidence(clean, found)


def clean_name(name: str) -> str:
    """The last part of a file name without what could mislead: paths, control and direction marks."""
    last = PureWindowsPath(PurePosixPath(unicodedata.normalize("NFC", name)).name).name
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    tidy = re.sub(r'[<>:"/\\|?*\s]+', " ", visible).strip(" .") or "evidence"
    path = PurePosixPath(tidy)
    return f"{path.stem[: MAX_NAME - len(path.suffix)]}{path.suffix}"[:MAX_NAME]


def _type_of(head: bytes, file: IO[bytes] | UploadedFile) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"PK\x03\x04") and _is_word(file):
        return WORD
    return None


def _is_word(file: IO[bytes] | UploadedFile) -> bool:
    """Whether a ZIP's table of contents is that of a Word document without macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        return False
    if len(names) > MOST_ENTRIES or any(name.startswith("/") or ".." in name for name in names):
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", "word/document.xml"} <= set(names) and not has_macros
