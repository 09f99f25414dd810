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

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
