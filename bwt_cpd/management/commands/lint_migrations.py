"""Our migrations are linear, named by intent, and safe on a table that is in use."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

# squawk's rules that Django decides for us, or that mean another way of migrating.
NOT_OURS = [
    "prefer-bigint-over-int",  # Django's own column types
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",  # Django runs a migration once, in a transaction
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-timeout-settings",  # set by the connection (settings.DATABASES)
]


class Command(BaseCommand):
    """Lint the migrations of our own apps."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Exit 1 with every complaint at once."""
        loader = MigrationLoader(connection)
        ours = {
            config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR
        }
        complaints = [*self._not_linear(loader, ours), *self._not_named(loader, ours), *self._unsafe(ours)]
        if complaints:
            raise CommandError("\n".join(complaints))

    def _not_linear(self, loader: MigrationLoader, ours: set[str]) -> list[str]:
        return [
            f"{app}: two migrations come after one: {', '.join(sorted(names))}"
            for app, names in loader.detect_conflicts().items()
            if app in ours
        ]

    def _not_named(self, loader: MigrationLoader, ours: set[str]) -> list[str]:
        names = [key for key in loader.disk_migrations if key[0] in ours]
        return [f"{app}.{name}: name it by what it is for" for app, name in names if "_auto_" in name]

    def _unsafe(self, ours: set[str]) -> list[str]:
        """What squawk says about the SQL of each migration; nothing where squawk is not installed."""
        squawk = shutil.which("squawk", path=str(Path(sys.executable).parent))
        if squawk is None:
            self.stderr.write("squawk is not installed: the SQL of the migrations was not looked at")
            return []
        with tempfile.TemporaryDirectory() as folder:
            files = self._write_sql(Path(folder), ours)
            if not files:
                return []
            done = subprocess.run(  # noqa: S603 - our own tool on files we have just written
                [
                    squawk,
                    "--pg-version=15",
                    "--assume-in-transaction",
                    f"--exclude={','.join(NOT_OURS)}",
                    *files,
                ],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
        return [done.stdout + done.stderr] if done.returncode else []

    def _write_sql(self, folder: Path, ours: set[str]) -> list[str]:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
        written = []
        for migration, _backwards in plan:
            if migration.app_label not in ours:
                continue
            name = f"{migration.app_label}.{migration.name}.sql"
            statements = executor.loader.collect_sql([(migration, False)])
            (folder / name).write_text("\n".join(statements), encoding="utf-8")
            written.append(name)
        return written
