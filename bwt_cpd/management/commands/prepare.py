"""Everything Django has to do before the portal can be served, in one process: `./portal run`."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from staff.database import why_not_usable
from staff.models import Person


class Command(BaseCommand):
    """Migrate, collect the static files when they changed, and say how many people there are."""

    help = __doc__
    requires_system_checks: list[str] = []  # ./portal check's business; it would slow every start

    def handle(self, *args: object, **options: object) -> None:
        """Print one line that ends in the number of people, for the script that started this."""
        if unusable := why_not_usable(connection, before_migrations=True):
            raise CommandError(unusable)
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stderr.write(f"Bringing the database up to date ({len(plan)} migrations) …")
            call_command("migrate", interactive=False, verbosity=0)
        self._collect_static()
        self.stdout.write(f"people={Person.objects.count()}")

    def _collect_static(self) -> None:
        note = Path(settings.STATIC_ROOT) / ".fingerprint"
        found = _fingerprint_of_sources()
        if note.is_file() and note.read_text(encoding="ascii") == found:
            return
        self.stderr.write("Collecting the static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        note.write_text(found, encoding="ascii")


def _fingerprint_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            changed = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{changed.st_mtime_ns}\0{changed.st_size}\0".encode())
    return digest.hexdigest()
