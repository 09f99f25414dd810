"""Who gets which answer at the addresses of the career pathways; things of this part beside it."""

from pathways.models import Pathway
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker

TABLE: dict[str, Entry] = {
    "pathways:pathway-list": page(ALL),
    "pathways:pathway-detail": of("pathway", any=row(ALL)),
}
THINGS: dict[str, Maker] = {
    "pathway": lambda world, role, scope: {
        "slug": Pathway.objects.get_or_create(slug="classroom", name="Classroom")[0].slug
    },
}
