"""Who gets which answer at the addresses of induction; things of this part beside it."""

from tests.system.expectations import Entry
from tests.system.world import Maker

TABLE: dict[str, Entry] = {}
THINGS: dict[str, Maker] = {}
