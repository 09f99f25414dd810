"""One thing to remind somebody of in pathways."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Due:
    """What to do, for whom, and where. `kind` and `subject_key` make it once only: a missed night loses nothing."""

    person_id: int
    kind: str
    subject_key: str
    line: str
    url: str
    label: str
