"""What the audit trail says of a row that is gone."""

from __future__ import annotations

from typing import Any  # the model of the trail is made by pghistory

from django.db import models


def last_of_gone(model: type[models.Model], pk: int, **whose: object) -> Any:  # noqa: ANN401 - as above
    """The last line of the trail about a row that was deleted, where its columns say that it was `whose`; else None.

    For whoever sends the form that deleted it once more: they are to have the same answer. One query.
    """
    trail = model.pgh_event_model.objects  # type: ignore[attr-defined]
    return trail.filter(pgh_obj_id=pk, pgh_label="delete", **whose).order_by("-pgh_id").first()
