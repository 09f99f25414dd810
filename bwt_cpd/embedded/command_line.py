"""The commands of `./portal` and what each one calls."""

import argparse
import sys
from collections.abc import Callable

from .checks import check
from .children import StartFailed, run_and_wait
from .installation import install, refresh_locks
from .places import PlaceRefused, data_directory, keep_bytecode, make_data_directory
from .servers import Keeper, servers
from .stages import bring_schema_up_to_date, environment, manage, uses_outside_servers
from .supervisor import run, stop_running
from .telling import say, speak_to
from .testing import run_tests
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
        ("test", "the tests of every commit (--days-ahead N: as on a later day; the rest goes to pytest)"),
        ("test-full", "all tests but the benchmarks, and those of every commit on later days"),
        ("bench", "the benchmarks"),
    ):
        commands.add_parser(name, help=what, add_help=False)
    commands.add_parser("check", help="lint, types, templates, architecture, migrations, security")
    commands.add_parser("vendor", help="refresh static/vendor/ from npm (developers)")
    commands.add_parser("lock", help="refresh requirements/ from pyproject.toml (developers, with uv)")
    return parser


def main(arguments: list[str]) -> int:
    """Run one command; a problem is one message on stderr and exit code 1."""
    keep_bytecode()
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
    if arguments[:1] in (["test"], ["test-full"], ["bench"]):
        return run_tests(arguments[0], arguments[1:])
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
        return run_and_wait(manage(*arguments), environment(data))
    with servers(data) as started:
        if started:
            say(STARTED_SERVERS)
        bring_schema_up_to_date(data, arguments)
        return run_and_wait(manage(*arguments), environment(data))
