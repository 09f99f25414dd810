"""No private token in what gunicorn writes about a request (RELIABILITY row 19)."""

import http.client
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUIET = "bwt_cpd.access_log.QuietLogger"
TOKEN = "t" * 43
ADDRESS = f"/calendar/{TOKEN}.ics"


def lines_of(logger: str, folder: Path) -> str:
    """What gunicorn with this logger writes about one reading of a calendar, sent on by the calendar itself."""
    (folder / "answers.py").write_text(
        "def application(environ, start):\n    start('200 OK', [])\n    return [b'']\n", encoding="utf-8"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "access.log"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "answers:application", "--bind", f"127.0.0.1:{port}"),
            *("--no-control-socket", "--access-logfile", str(log), "--logger-class", logger),
            *("--pythonpath", f"{folder},{ROOT}"),
        ],
        cwd=folder,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and not (log.exists() and "GET" in log.read_text(encoding="utf-8")):
            try:
                asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                asked.request("GET", ADDRESS, headers={"Referer": f"http://portal.example{ADDRESS}"})
                asked.getresponse().read()
            except OSError:
                pass
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(15)
    return log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("logger", "is_told"), [(QUIET, False), ("gunicorn.glogging.Logger", True)])
def test_the_access_log_does_not_tell_the_token(tmp_path, logger, is_told):
    """Gunicorn's own logger is the control: it tells."""
    lines = lines_of(logger, tmp_path)

    assert '"GET /calendar/' in lines
    assert (TOKEN in lines) == is_told


def test_the_image_and_the_embedded_portal_run_with_it():
    """Both commands name the logger."""
    command = re.search(
        r"^CMD (\[.*?\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    words = json.loads(command[1].replace("\\\n", ""))
    assert words[words.index("--logger-class") + 1] == QUIET
    assert f'"--logger-class", "{QUIET}"' in (ROOT / "bwt_cpd/embedded/supervisor.py").read_text(
        encoding="utf-8"
    )
