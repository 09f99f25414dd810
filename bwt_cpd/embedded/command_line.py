"""The commands of `./portal` and what each one calls."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .checks import check
from .children import StartFailed
from .installation import install, refresh_locks
from .places import ROOT, PlaceRefused, data_directory, make_data_directory
from .servers import Keeper, servers
from .stages import bring_schema_up_to_date, environment, manage, uses_outside_servers
from .supervisor import run, stop_running
from .telling import say, speak_to
from .vendor import refresh

DESCRIPTION = "BWT CPD on one machine: everything it needs is installed and started for you."
ENVIRONMENT = """\
environment:
  PORTAL_DATA     the folder of the embedded servers' data (.local); two folders are two portals
  DATABASE_URL    with REDIS_URL: use these servers instead, without demo mode (docs/production.md)
"""
STARTED_SERVERS = "Started PostgreSQL and Valkey for this command."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "./portal",
        description=DESCRIPTION,
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    running = commands.add_parser(
        "run", help="install, start everything and serve the portal", allow_abbrev=False
    )
    running.add_argument("--port", type=int, default=8000, help="where to serve it on 127.0.0.1 (8000)")
    running.add_argument("--people", type=int, help="how many people the demo trust has (1500)")
    running.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    commands.add_parser("stop", help="stop the portal that runs with this data folder")
    setup = commands.add_parser("setup", help="install only; does nothing when there is nothing to do")
    setup.add_argument("--dev", action="store_true", help="also what testing and checking need")
    for name, what in (
        ("manage", "run a manage.py command with the servers up"),
        ("test", "the tests of every commit"),
        ("test-full", "all tests but the benchmarks"),
        ("bench", "the benchmarks"),
    ):
        commands.add_parser(name, help=what, add_help=False)
    commands.add_parser("check", help="lint, types, templates, architecture, migrations, security")
    commands.add_parser("vendor", help="refresh static/vendor/ from npm (developers)")
    commands.add_parser("lock", help="refresh requirements/ from pyproject.toml (developers, with uv)")
    return parser


def main(arguments: list[str]) -> int:
    """Run one command; a problem is one message on stderr and exit code 1."""
    try:
        return _dispatch(arguments)
    except (StartFailed, PlaceRefused) as problem:
        print(f"portal: {problem}", file=sys.stderr)
        return 1
    except PermissionError as problem:
        print(
            f"portal: {problem.strerror}: {problem.filename}. Was it made by another user?", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(arguments: list[str]) -> int:
    # These hand the rest of the line on as it is, options included.
    if arguments[:1] == ["manage"]:
        return _manage(arguments[1:])
    if arguments and arguments[0] in TESTS:
        return _test(arguments[0], arguments[1:])
    if arguments == ["_keep"]:
        return Keeper(data_directory()).run()
    given = _parser().parse_args(arguments)
    if given.command == "run":
        return run(given.port, given.people, demo=not given.no_demo)
    if given.command == "setup":
        install("dev" if given.dev else "run")
        say("Everything is installed. Next: ./portal run")
        return 0
    if given.command == "check":
        install("dev")
    plain: dict[str, Callable[[], int]] = {
        "stop": lambda: stop_running(data_directory()),
        "check": check,
        "vendor": refresh,
        "lock": refresh_locks,
    }
    return plain[given.command]()


def _manage(arguments: list[str]) -> int:
    """Run manage.py with the servers up; what we say goes to stderr, stdout is the command's alone."""
    speak_to(sys.stderr)
    install("run")
    data = make_data_directory(data_directory())
    if uses_outside_servers():
        return _wait_for(manage(*arguments), environment(data))
    with servers(data) as started:
        if started:
            say(STARTED_SERVERS)
        bring_schema_up_to_date(data, arguments)
        return _wait_for(manage(*arguments), environment(data))


def _wait_for(command: list[str], env: dict[str, str]) -> int:
    """The command's exit code. Ctrl-C reaches it by the terminal; a signal to us is passed on."""
    child = subprocess.Popen(command, env=env)

    def pass_on(number: int, frame: object) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    code = child.wait()
    return code if code >= 0 else 128 - code


TESTS = {
    # Both cores; tests/conftest.py shares the tests out.
    "test": ["-m", "not full and not bench", "-n", "2", "--dist", "loadscope"],
    "test-full": ["-m", "not bench", "-n", "2", "--dist", "loadscope"],
    "bench": ["-m", "bench", "-s"],
}


def _test(which: str, more: list[str]) -> int:
    python = install("dev")
    os.chdir(ROOT)
    # The tests start servers of their own; the running portal is not touched.
    named = any(Path(one.partition("::")[0]).exists() for one in more)
    where = ["tests/benchmarks"] if which == "bench" and not named else []
    os.execv(python, [str(python), "-m", "pytest", *TESTS[which], *where, *more])
