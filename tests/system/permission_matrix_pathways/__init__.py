"""The permission matrix of pathways, each part in its own file: its table, and the things of its addresses."""

from tests.system import world
from tests.system.expectations import Entry
from tests.system.permission_matrix_pathways import (
    careers,
    coaching,
    golden_thread,
    induction,
    needs,
    requests,
)

PARTS = (requests, needs, induction, coaching, golden_thread, careers)
PATHWAYS: dict[str, Entry] = {name: entry for part in PARTS for name, entry in part.TABLE.items()}
for _part in PARTS:
    world.THINGS.update(_part.THINGS)
