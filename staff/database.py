"""What the portal needs of its PostgreSQL server, and a sentence that says what to do where it isn't there."""

import sys
from collections.abc import Sequence
from typing import Final

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import NotSupportedError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST: Final = 15
EXTENSIONS: Final = ("btree_gist", "citext", "pg_trgm", "unaccent")
"""All in PostgreSQL's own contrib package, and trusted: the owner of a database may create them."""

_FOUND: Final = """
    SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,
           array(SELECT name FROM unnest(%(wanted)s::text[]) name
                 WHERE name NOT IN (SELECT extname FROM pg_extension)),
           array(SELECT name FROM unnest(%(wanted)s::text[]) name
                 WHERE %(before)s AND name NOT IN (SELECT ext.name FROM pg_available_extensions ext))
"""


def why_not_usable(
    database: BaseDatabaseWrapper,
    *,
    before_migrations: bool = False,
    oldest: int = OLDEST,
    extensions: Sequence[str] = EXTENSIONS,
) -> str:
    """Why the portal can't work with this server, and what to do about it; "" where it can. One query.

    Before the migrations it is enough if the server has the extensions: they create them in the database.
    Raises OperationalError when it doesn't answer.
    """
    needed = f"The portal needs PostgreSQL {oldest} or later"
    try:
        with database.cursor() as cursor:
            cursor.execute(_FOUND, {"wanted": list(extensions), "before": before_migrations})
            version, major, missing, not_to_be_had = cursor.fetchone()
    except NotSupportedError as refused:  # Django itself refuses what is older still, and says which it found
        return f"{needed}. {refused} Upgrade the server, or point DATABASE_URL at a newer one."
    if major < oldest:
        return f"{needed}, and this is {version}. Upgrade the server, or point DATABASE_URL at a newer one."
    if not_to_be_had:
        return (
            f"The PostgreSQL server has no extension {', '.join(not_to_be_had)}. Install its contrib package "
            "(postgresql-contrib on Debian and Ubuntu), or allow the extension where your provider lists them."
        )
    if missing and not before_migrations:
        create = " ".join(f"CREATE EXTENSION {name};" for name in missing)
        return f"The database has no extension {', '.join(missing)}. Run this in it, as its owner: {create}"
    return ""


@register(Tags.database)
def database_is_usable(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Django runs this before the first migration, and for `check --database default`."""
    found = [why_not_usable(connections[alias], before_migrations=True) for alias in databases or ()]
    return [Error(sentence, id="staff.E002") for sentence in found if sentence]


def exit_if_not_usable() -> None:
    """For a web server or worker that starts: end with the sentence. One that doesn't answer may still come up."""
    try:
        sentence = why_not_usable(connection)
    except OperationalError:
        sentence = ""
    connection.close()  # processes fork after this
    if sentence:
        sys.exit(sentence)
