"""Uploaded files between the two steps of an import: kept for whoever sent them, and for a day at most.

They have names and e-mails in them, so they lie beside the media under a name that nobody can guess and go as soon
as the import is confirmed or given up; that it was stays until the day is over.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac

from staff.actions.imports import SourceFile
from staff.loose_types import JsonObject
from staff.models import User

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """The files open for reading and whether they are everything; once it is over, what was said of it."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    is_full: bool = False
    is_over: bool = False
    said: str = ""


def keep_uploads(*, what: str, files: Mapping[str, UploadedFile], is_full: bool, by: User) -> uuid.UUID:
    """Keep the files of an import, `{"people": …}`, for this user; the token names them from now on.

    The same files sent twice have one token and are kept once.
    """
    _forget_old()
    names = {kind: Path(file.name or f"{kind}.csv").name[:100] for kind, file in files.items()}
    about = {"user": by.pk, "what": what, "is_full": is_full, "names": names}
    token = _token(files, about)
    folder = _folder(token)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    for kind, file in files.items():
        _write(folder / f"{kind}.csv", file.chunks())
    _write(folder / "about.json", [json.dumps(about).encode()])
    return token


@contextmanager
def kept_files(token: uuid.UUID, *, what: str, by: User) -> Iterator[Kept | None]:
    """What is kept under a token; None for anybody else's, another import's, or none at all."""
    with ExitStack() as stack:
        about = _about(token)
        if about is None or (about["user"], about.get("what", "staff")) != (by.pk, what):
            yield None
        elif "said" in about:
            yield Kept(is_over=True, said=about["said"])
        else:
            files = {
                kind: SourceFile(name, stack.enter_context((_folder(token) / f"{kind}.csv").open("rb")))
                for kind, name in about["names"].items()
            }
            yield Kept(files, about["is_full"])


def forget_uploads(token: uuid.UUID, *, by: User, said: str) -> None:
    """Remove the files, and keep what was said of them for a form that is sent twice; said once, it stays."""
    about = _about(token)
    if about is not None and "said" not in about:
        _write(_folder(token) / "about.json", [json.dumps({**about, "said": said}).encode()])
    for file in _folder(token).glob("*.csv"):
        file.unlink(missing_ok=True)


def _token(files: Mapping[str, UploadedFile], about: Mapping[str, object]) -> uuid.UUID:
    """Of whom, which and what is in them, with the portal's secret."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for kind, file in sorted(files.items()):
        content = hashlib.sha256()
        for chunk in file.chunks():
            content.update(chunk)
        digest.update(f"{kind}:{content.hexdigest()}".encode())
    secret = salted_hmac("bwt_cpd.kept_uploads", digest.hexdigest(), algorithm="sha256")
    return uuid.UUID(bytes=secret.digest()[:16])


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    """All of it or nothing, also where two write the same."""
    fresh = target.with_suffix(f".{uuid.uuid4().hex}")
    with fresh.open("wb") as file:
        file.writelines(chunks)
    fresh.replace(target)


def _about(token: uuid.UUID) -> JsonObject | None:
    try:
        found: JsonObject = json.loads((_folder(token) / "about.json").read_text())
    except OSError:
        return None
    return found


def _room() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _folder(token: uuid.UUID) -> Path:
    return _room() / token.hex


def _forget_old() -> None:
    for folder in _room().glob("*"):
        try:
            is_old = folder.stat().st_mtime < time.time() - KEPT_SECONDS
        except FileNotFoundError:  # somebody else forgets them at this moment
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
