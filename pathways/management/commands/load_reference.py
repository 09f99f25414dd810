from collections.abc import Callable
from typing import Final

from pathways.actions.reference import load_pathways
from pathways.actions.reference_golden_thread import load_appropriate_bodies
from pathways.actions.reference_induction import load_induction_templates
from pathways.actions.reference_needs import load_competencies
from pathways.actions.reference_routes import load_routes
from staff.management.base import PortalCommand

LOADERS: Final[dict[str, Callable[[], list[str]]]] = {
    "funded routes": load_routes,
    "career pathways": load_pathways,
    "competencies and role profiles": load_competencies,
    "induction templates": load_induction_templates,
    "appropriate bodies": load_appropriate_bodies,
}
"""In this order: each gives the codes it names that the trust does not have."""


class Command(PortalCommand):
    help = "Load the reference data kept with the portal. Safe to run again."

    def handle(self, *args: object, **options: object) -> None:
        for what, load in LOADERS.items():
            unknown = load()
            note = f"; not known here: {', '.join(unknown)}" if unknown else ""
            self.stdout.write(f"Loaded {what}{note}.")
