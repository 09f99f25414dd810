"""What the database itself holds of a request: the way its decisions lead, and what is paid after what is signed.

In the language of PostgreSQL's triggers. The same rules as `pathways.rules.requests`, `pathways.rules.funding` and
the actions, so that no import, task or hand steps round them; tests go through both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pathways.rules.requests import ASKED_OF, DECIDING, RIVALS_IN


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def _refuse(condition: str, words: str) -> str:
    return f"IF {condition} THEN\n    RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';\nEND IF;"


def _last(step: str) -> str:
    """The last decision of this step into the variable `last`; all NULL where there is none."""
    return (
        "SELECT from_state, actor_id, on_behalf_of_id, made_at INTO last FROM pathways_routedecision\n"  # noqa: S608 - of our own constants
        f"WHERE request_id = NEW.request_id AND step = '{step}' ORDER BY number DESC LIMIT 1;"
    )


_OURS: Final = "(NEW.actor_id, NEW.on_behalf_of_id)"
_HAD_DECIDED: Final = (
    "EXISTS (SELECT 1 FROM pathways_routedecision had WHERE had.request_id = NEW.request_id "  # noqa: S608 - of our own constants
    f"AND had.step IN ({_listed(DECIDING)}) AND (had.actor_id IN {_OURS} OR had.on_behalf_of_id IN {_OURS}))"
)

_IS_RIVAL: Final = (
    "asked.kind = 'masters' AND EXISTS (SELECT 1 FROM pathways_routerequest rival "  # noqa: S608 - of our own constants
    "JOIN pathways_route its ON its.id = rival.route_id "
    f"WHERE rival.person_id IN {_OURS} AND its.kind = 'masters' "
    "AND ((rival.panel_id = asked.panel_id AND rival.state NOT IN ('draft', 'withdrawn')) "
    "OR (rival.state = 'panel' AND (rival.panel_id IS NULL OR asked.panel_id IS NULL))))"
)
"""Whether who acts, or for whom, has applied to the panel of the request in the variable `asked`."""

FOLLOWS_THE_REQUEST: Final = "\n".join(
    [
        """
SELECT request.funded_by, request.levy_forecast_pence, request.panel_id, route.kind INTO asked
FROM pathways_routerequest request JOIN pathways_route route ON route.id = request.route_id
WHERE request.id = NEW.request_id AND request.person_id = NEW.requester_id
  AND request.state = NEW.from_state AND request.decision_count + 1 = NEW.number;""",
        _refuse("NOT FOUND", "A decision follows on the state of its request"),
        "-- Who: never for the requester or oneself, and nobody in two parts of the trust.",
        _refuse(
            "NEW.on_behalf_of_id IN (NEW.requester_id, NEW.actor_id)"
            " OR (NEW.capacity = 'requester' AND NEW.on_behalf_of_id IS NOT NULL)",
            "Nobody stands in for the requester or for themselves",
        ),
        _refuse(
            f"NEW.capacity <> 'requester' AND NEW.from_state IN ({_listed(ASKED_OF)}) AND {_HAD_DECIDED}",
            "Nobody takes two deciding steps of one request",
        ),
        _refuse(
            f"NEW.capacity <> 'requester' AND NEW.from_state IN ({_listed(RIVALS_IN)}) AND {_IS_RIVAL}",
            "Nobody decides about a panel they have applied to",
        ),
        "-- Where to: an answer to who asked, an upheld appeal to who declined, a check as the facts lead.",
        _last("asked"),
        _refuse(
            "NEW.step = 'answered' AND NEW.to_state IS DISTINCT FROM last.from_state",
            "An answer goes back to who asked",
        ),
        _last("declined"),
        _refuse(
            "NEW.step = 'upheld' AND NEW.to_state IS DISTINCT FROM last.from_state",
            "An upheld appeal goes back to where it was declined",
        ),
        _refuse(
            f"NEW.step IN ('upheld', 'dismissed') AND (last.actor_id IN {_OURS} OR last.on_behalf_of_id IN {_OURS})",
            "Who declined does not hear the appeal",
        ),
        _refuse(
            "NEW.step = 'supported' AND NOT EXISTS (SELECT 1 FROM pathways_routediscussion "
            "WHERE request_id = NEW.request_id AND written_at > COALESCE(last.made_at, '-infinity'))",
            "Nothing is supported before it is talked over",
        ),
        _refuse(
            "NEW.step = 'checked' AND NEW.to_state <> (CASE WHEN asked.kind = 'masters' THEN 'panel' "
            "WHEN asked.funded_by = 'levy' AND asked.levy_forecast_pence < 0 THEN 'finance' ELSE 'agreed' END)",
            "A checked request goes where its kind, payer and forecast lead",
        ),
        _refuse("NEW.step = 'covered' AND asked.kind = 'masters'", "A Masters passes its panel"),
        _refuse(
            "NEW.step = 'appealed' AND EXISTS (SELECT 1 FROM pathways_routedecision "
            "WHERE request_id = NEW.request_id AND step = 'appealed')",
            "A request is appealed once",
        ),
        "-- What: somebody else ends it with words, and a programme from a day.",
        _refuse(
            "NEW.step = 'withdrawn' AND NEW.capacity <> 'requester' AND (NEW.words = '' "
            "OR (NEW.from_state <> 'agreed' AND NEW.effective_on IS NULL))",
            "Who withdraws somebody else says why, and from which day",
        ),
        "RETURN NEW;",
    ]
)
"""Before a row of decision; the variables `asked` and `last` are records."""

PAID_ONCE_SIGNED: Final = "\n".join(
    [
        _refuse(
            "(SELECT count(*) FROM pathways_routesignature WHERE request_id = NEW.request_id "
            "AND document = 'training_cost' AND party IN ('learner', 'employer') "
            "AND signed_on <= NEW.paid_on) < 2",
            "Nothing is paid before the training cost agreement is signed",
        ),
        _refuse(
            "NOT EXISTS (SELECT 1 FROM pathways_repaymentterms WHERE request_id = NEW.request_id)",
            "Nothing is paid before what a leaver would repay is written down",
        ),
        "RETURN NEW;",
    ]
)
"""Before a row of fee of which something is paid: on the day of the payment both have signed."""

RANKED_BY_NO_RIVAL: Final = "\n".join(
    [
        """
SELECT request.person_id, request.panel_id, request.state, route.kind INTO asked
FROM pathways_routerequest request JOIN pathways_route route ON route.id = request.route_id
WHERE request.id = NEW.request_id;""",
        _refuse("asked.state IS DISTINCT FROM 'panel'", "A panel ranks who waits for it"),
        _refuse(f"asked.person_id IN {_OURS}", "Nobody ranks their own request"),
        _refuse(_IS_RIVAL, "Nobody ranks in a panel they have applied to"),
        "RETURN NEW;",
    ]
)
"""Before a row of ranking; the variable `asked` is a record."""

RANKED_BY_A_ROW: Final = "\n".join(
    [
        _refuse(
            "NEW.panel_rank IS DISTINCT FROM (SELECT place FROM pathways_panelranking "
            "WHERE request_id = NEW.id ORDER BY id DESC LIMIT 1)",
            "A place in the ranking is given by a row that says who",
        ),
        "RETURN NEW;",
    ]
)
"""Before the place of a request in its panel's ranking changes."""
