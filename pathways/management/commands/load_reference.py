from collections.abc import Callable
from typing import Any, Final

from django.core.management.base import BaseCommand

from pathways.actions.reference import load_pathways
from pathways.actions.reference_needs import load_competencies

LOADERS: Final[dict[str, Callable[[], list[str]]]] = {
    "career pathways": load_pathways,
    "competencies and role profiles": load_competencies,
}
"""In this order: each gives the codes it names that the trust does not have."""


class Command(BaseCommand):
    help = "Load the reference data kept with the portal: pathways, competencies, role profiles. Safe again."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, load in LOADERS.items():
            unknown = load()
            note = f"; not known here: {', '.join(unknown)}" if unknown else ""
            self.stdout.write(f"Loaded {what}{note}.")
