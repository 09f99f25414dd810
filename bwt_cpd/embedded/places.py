"""Where the embedded servers keep their things. Standard library only: settings import it."""

import contextlib
import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER_USER = "nobody"  # PostgreSQL refuses to run as root


class PlaceRefused(RuntimeError):
    """A folder that should be ours alone is somebody else's, or open to others."""


def not_a_folder(path: Path) -> str:
    """Why something that lies in the place of a folder is not used."""
    return f"{path} is not a folder. Remove it and try again."


def of_another_user(path: Path) -> str:
    """Why another user's folder isn't used."""
    return f"{path} belongs to another user. Nothing was started."


def open_to_others(path: Path) -> str:
    """Why a folder that others can look into is not used."""
    return f"{path} is open to other users. Remove it and try again."


def data_directory() -> Path:
    """The folder of the embedded servers' data: PORTAL_DATA, else `.local` beside the code.

    Two folders are two portals that do not touch each other. The folder need not exist yet.
    """
    named = os.environ.get("PORTAL_DATA", "")
    return Path(named).expanduser().absolute() if named else ROOT / ".local"


def make_data_directory(data: Path) -> Path:
    """Create the data folder when missing; an existing one keeps the mode its owner gave it."""
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True)
        # Root's servers run as somebody else, who has to pass through (but not to list).
        data.chmod(0o711 if os.getuid() == 0 else 0o700)
    return data


def keep_bytecode() -> None:
    """Let everything that is started compile each module once, whatever the environment says.

    A Django start reads 2,750 modules: 3.5 s of processor time without their bytecode, 1.6 s with it.
    A portal that the tests start shares the cache of the tests.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(data_directory() / "bytecode"))


def socket_directory(data: Path) -> Path:
    """The short private folder of the Unix sockets that belong to this data folder.

    The path of a Unix socket may not exceed about 100 bytes, so it cannot live beside the data.
    The name is made from the user and the data folder; the folder is created when missing.
    Raises PlaceRefused when the path is a link, another user's, or open to others: whoever owns
    it could stand between the portal and its database.
    """
    fingerprint = hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:8]
    sockets = _short_temporary_root() / f"bwt-cpd-{os.getuid()}-{fingerprint}"
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
    found = os.lstat(sockets)
    if not stat.S_ISDIR(found.st_mode):
        raise PlaceRefused(not_a_folder(sockets))
    if found.st_uid not in _owners():
        raise PlaceRefused(of_another_user(sockets))
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise PlaceRefused(open_to_others(sockets))
    return sockets


def _owners() -> set[int]:
    """Ourselves; as root also the servers' own user, who has to create the sockets in it."""
    owners = {os.getuid()}
    if os.getuid() == 0:
        owners.add(pwd.getpwnam(SERVER_USER).pw_uid)
    return owners


def _short_temporary_root() -> Path:
    """The system's own folder where there is one: TMPDIR may be too long a path for a socket."""
    usual = Path("/tmp")  # noqa: S108 - the folder made in it is private and verified
    return usual if usual.is_dir() else Path(tempfile.gettempdir())


def secret_key(data: Path) -> str:
    """The random key that signs this data folder's sessions; written once, readable by us alone."""
    path = data / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    make_data_directory(data)
    fresh = data / f"secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    try:
        os.link(fresh, path)  # the first of several processes wins, all read the same key
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
