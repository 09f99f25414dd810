"""What every command of the portal keeps to: exit code 0, or one line on stderr and 1 (DESIGN section 5)."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser


class PortalCommand(BaseCommand):
    """A command whose wrong or missing options, too, are one line and exit code 1, without usage or traceback."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        """Django's parser, which says what is wrong by raising instead of printing and exiting with 2."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does, and the parser's refusals like those of the command itself."""
        try:
            super().run_from_argv(argv)
        except CommandError as refusal:
            sys.stderr.write(f"CommandError: {str(refusal).removeprefix('Error: ')}\n")
            sys.exit(1)
