"""HR files between the two steps of an import: kept for whoever sent them, and for a day at most.

They have names and e-mails in them, so they lie beside the media under a random name and go as soon
as the import is confirmed or given up.
"""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from staff.actions.imports import SourceFile
from staff.models import User

KEPT_SECONDS = 24 * 60 * 60


def keep_uploads(*, files: Mapping[str, UploadedFile], is_full: bool, by: User) -> uuid.UUID:
    """Keep the files, `{"people": …}`, for this user; the token names them from now on."""
    _forget_old()
    token = uuid.uuid4()
    folder = _folder(token)
    folder.mkdir(parents=True, mode=0o700)
    for kind, file in files.items():
        with (folder / f"{kind}.csv").open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    names = {kind: Path(file.name or f"{kind}.csv").name[:100] for kind, file in files.items()}
    about = {"user": by.pk, "is_full": is_full, "names": names}
    (folder / "about.json").write_text(json.dumps(about))
    return token


@contextmanager
def kept_files(token: uuid.UUID, *, by: User) -> Iterator[tuple[dict[str, SourceFile], bool] | None]:
    """The files open for reading and whether they are everything; None for anybody else's or none at all."""
    try:
        about = json.loads((_folder(token) / "about.json").read_text())
    except OSError:
        about = None
    if about is None or about["user"] != by.pk:
        yield None
        return
    with ExitStack() as stack:
        files = {
            kind: SourceFile(name, stack.enter_context((_folder(token) / f"{kind}.csv").open("rb")))
            for kind, name in about["names"].items()
        }
        yield files, about["is_full"]


def forget_uploads(token: uuid.UUID) -> None:
    """Remove them; no matter if they are gone."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def _room() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _folder(token: uuid.UUID) -> Path:
    return _room() / token.hex


def _forget_old() -> None:
    for folder in _room().glob("*"):
        if folder.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
