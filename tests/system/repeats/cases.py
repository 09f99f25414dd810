"""A form sent many times at once and once more, and what is wrong with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from django.test import Client

from tests.system.repeats.rows import all_rows, effect
from tests.system.web_server import all_at_once, cookie_of, post

TIMES = 20


@dataclass(frozen=True)
class Form:
    """One form: who sends it, where to, with what, and the status of its answer.

    `files` is by field a name and its content. `to` is where every answer leads; where it is not said here, they all
    lead to the same page, whichever it is. `browser` is the one it is sent from, where another did not do. `again` is
    what every press is meant to leave behind, such as the moment of a sign-in.
    """

    who: str
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 302
    to: str = ""
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    browser: Client | None = None
    again: Mapping[str, int] = field(default_factory=dict)


Get: TypeAlias = Callable[[str], Any]
"""A fixture by its name."""
Make: TypeAlias = Callable[[Get], Form]
Cases: TypeAlias = dict[str, tuple[Make, dict[str, int]]]
"""By the address (`courses:session-book`, or with what is said there: `inbox-claim, declined`) how the form is made,
and the one effect it has (see `rows.effect`)."""


def address_of(case: str) -> str:
    """The address whose case this is."""
    return case.partition(",")[0]


def differences(
    port: int, cases: Cases, get: Get, times: Callable[[str], int] = lambda case: TIMES
) -> Iterator[str]:
    """A line for all that is not as the cases say, each sent so many times when its turn comes."""
    for name, (make, expected) in cases.items():
        form = make(get)
        cookie = cookie_of(get(form.who), form.browser)
        send = partial(post, port, cookie, form.path, form.data, form.files)
        before = all_rows()
        answers = all_at_once([send] * times(name))
        after = all_rows()
        answers.append(send())

        said = {(answer.status, answer.location) for answer in answers}
        if said != {(form.status, form.to or answers[0].location)}:
            yield f"{name}: answered {sorted(said)}"
        if (had := effect(before, after)) != expected:
            yield f"{name}: has {had}"
        if (further := effect(after, all_rows())) != form.again:
            yield f"{name}: once more has {further}"
