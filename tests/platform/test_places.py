"""The folders of the embedded servers: private, deterministic, never somebody else's."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bwt_cpd.embedded import PlaceRefused, data_directory, places, secret_key, socket_directory


@pytest.fixture
def sockets(tmp_path: Path):
    """The socket folder that belongs to tmp_path, removed afterwards."""
    folder = socket_directory(tmp_path)
    folder.rmdir()
    yield folder
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_dir():
        folder.rmdir()


def test_data_directory_is_beside_the_code_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    assert data_directory() == tmp_path

    monkeypatch.delenv("PORTAL_DATA")
    assert data_directory().name == ".local"
    assert (data_directory().parent / "manage.py").is_file()


def test_socket_directory_is_private_short_and_the_same_each_time(sockets: Path, tmp_path: Path):
    assert socket_directory(tmp_path) == sockets
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert len(f"{sockets}/.s.PGSQL.5432.lock") < 60


def test_socket_directory_of_another_folder_is_another(sockets: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()

    other = socket_directory(tmp_path / "other")
    other.rmdir()

    assert other != sockets


def test_socket_directory_refuses_one_that_is_open_to_others(sockets: Path, tmp_path: Path):
    sockets.mkdir()
    sockets.chmod(0o755)

    with pytest.raises(PlaceRefused) as refusal:
        socket_directory(tmp_path)

    assert str(refusal.value) == places.open_to_others(sockets)


def test_socket_directory_refuses_a_link(sockets: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    sockets.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PlaceRefused) as refusal:
        socket_directory(tmp_path)

    assert str(refusal.value) == places.not_a_folder(sockets)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_socket_directory_refuses_somebody_elses(sockets: Path, tmp_path: Path):
    sockets.mkdir(mode=0o700)
    os.chown(sockets, 4711, 4711)

    with pytest.raises(PlaceRefused) as refusal:
        socket_directory(tmp_path)

    assert str(refusal.value) == places.of_another_user(sockets)


def test_secret_key_is_one_for_all_who_ask_at_once_and_private(tmp_path: Path):
    data = tmp_path / "data"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret_key, [data] * 16))

    assert len(keys) == 1
    assert len(keys.pop()) > 60
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret_key"]


def test_vendored_files_are_those_in_the_table():
    vendor = Path(__file__).parents[2] / "static" / "vendor"
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in (vendor / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| file")
    ]

    stated = {name: digest for name, _package, _version, _licence, digest in rows}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.iterdir()
        if path.suffix not in {".md", ".txt"}
    }
    assert stated == found
