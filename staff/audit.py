"""The audit trail: every write to a tracked table, by database trigger, with its actor (DESIGN invariant 7)."""

from collections.abc import Callable, Sequence

import pghistory
from django.db import models


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: keep a row for every insert, update and delete, without the excluded columns.

    Names, e-mails and free text are excluded, so that erasing a person leaves nothing behind in the
    trail (invariant 6); counters and caches are not tracked at all.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )
