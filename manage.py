#!/usr/bin/env python
"""Django's command line, with the database role that each command is entitled to."""

import os
import sys

# The run-time role owns no table (docs/decisions/): only these change the schema.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "flush"}


def main() -> None:
    """Run a command; schema commands as the owner of the tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bwt_cpd.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("PORTAL_DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", None):  # the server answered; this is no lost connection
            raise
        sys.exit(f"The database does not answer: {str(problem).strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
