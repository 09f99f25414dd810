"""Write the sprite of the icons in use."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from bwt_cpd.icons import SMALL, WHOLE, names_in_use, small_sprite, symbols_of


class Command(BaseCommand):
    """For developers, after using an icon for the first time; a test says when it is due."""

    help = "Write static/img/icons.svg: the icons that templates and Python name."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Read the whole sprite and the sources, write the small one."""
        static = Path(settings.BASE_DIR) / "static"
        symbols = symbols_of((static / WHOLE).read_text(encoding="utf-8"))
        names = names_in_use(Path(settings.BASE_DIR), symbols)
        (static / SMALL).write_text(small_sprite(symbols, names), encoding="utf-8")
        self.stdout.write(f"{len(names)} icons")
