"""The one set-based statement that computes every figure (DESIGN invariant 2; R3 to R13).

`figures_sql` gives a query with one row for each person with a contract in the year. Screens, reports
and jobs read its result, stored as `Statement`; `entitlements/rules/` says the same in Python.

How it stays fast for 100,000 people: whoever has one post in the year and no reducing absence in it is
reckoned in whole numbers straight from the contract. The others are swept: each contract and each absence
adds its share on its first day and takes it back on the day after its last, so that one running sum over
the days gives what is in force between two changes. Nothing is joined by ranges and no EXISTS looks into
a CTE. Quotients have 60 places, are summed, cut to 30 and then rounded half up once (R4); adding and
taking back the same share leaves exactly nothing.
"""
# The text is put together from this file's own constants; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entitlements.academic_year import YearDates
from entitlements.rules.policy import EntitlementPolicy
from staff.loose_types import SqlParameters

FIGURES = (
    "entitlement_minutes",
    "expected_minutes",
    "expected_to_date_minutes",
    "recorded_minutes",
    "counted_minutes",
    "planned_minutes",
    "shortfall_minutes",
    "own_time_minutes",
    "status",
)


@dataclass(frozen=True)
class Scope:
    """Whose figures: everybody's, those of some people, or those whose contract is at one school."""

    person_ids: tuple[int, ...] | None = None
    school_id: int | None = None

    def filter(self, column: str) -> str:
        """The condition on a person column, beginning with AND; empty for everybody."""
        if self.person_ids is not None:
            return f"AND {column} = ANY(%(person_ids)s)"
        if self.school_id is not None:
            return f"AND {column} IN (SELECT person_id FROM staff_contract WHERE school_id = %(school_id)s)"
        return ""


EVERYBODY = Scope()

# What `figures_params` gives, in the types of SQL.
PARAM_TYPES = {
    "year_id": "bigint",
    "first": "date",
    "last": "date",
    "year_days": "int",
    "on": "date",
    "day": "date",
    "is_over": "boolean",
    "owed": "int",
    "teacher": "int",
    "leadership": "int",
    "support": "int",
    "pro_rata": "boolean",
    "sickness_days": "int",
    "compliance_cap": "int",
    "giving_cap": "int",
    "nominal_cap": "int",
    "on_track": "int",
    "person_ids": "bigint[]",
    "school_id": "bigint",
}


def figures_params(
    *, year_id: int, year: YearDates, policy: EntitlementPolicy, on: date, scope: Scope
) -> SqlParameters:
    """The parameters of `figures_sql` for one year on one date."""
    return {
        "year_id": year_id,
        "first": year.first_day,
        "last": year.last_day,
        "year_days": year.days,
        "on": on,
        "day": min(max(on, year.first_day), year.last_day),
        "is_over": on >= year.last_day,
        "owed": policy.days_owed,
        "teacher": policy.teacher_day_minutes,
        "leadership": policy.leadership_day_minutes,
        "support": policy.support_day_minutes,
        "pro_rata": policy.pro_rata_part_time,
        "sickness_days": policy.sickness_days,
        "compliance_cap": policy.compliance_cap_percent,
        "giving_cap": policy.giving_cap_percent,
        "nominal_cap": policy.nominal_cap_percent,
        "on_track": policy.on_track_percent,
        "person_ids": list(scope.person_ids) if scope.person_ids is not None else None,
        "school_id": scope.school_id,
    }


def figures_sql(scope: Scope = EVERYBODY) -> str:
    """The statement: person_id, main_contract_id, is_in_contract and FIGURES, in no order.

    One row for each person in scope with a contract on some day of the year; the figures are null where
    the status is not_applicable (R7). The text holds no value: all come as `figures_params`.
    """
    return f"""
WITH {_contracts(scope)}, {_absences(scope)}, {_targets()}, {_credits(scope)}, {_counted()}
SELECT
    counted.person_id, main_contract_id, is_in_contract,
    CASE WHEN owes THEN entitlement END AS entitlement_minutes,
    CASE WHEN owes THEN expected END AS expected_minutes,
    CASE WHEN owes THEN to_date END AS expected_to_date_minutes,
    CASE WHEN owes THEN recorded END AS recorded_minutes,
    CASE WHEN owes THEN counted END AS counted_minutes,
    CASE WHEN owes THEN everything - counted END AS planned_minutes,
    CASE WHEN owes THEN greatest(0, expected - counted) END AS shortfall_minutes,
    CASE WHEN owes THEN own_time END AS own_time_minutes,
    CASE
        WHEN NOT owes THEN 'not_applicable'
        WHEN is_paused THEN 'paused'
        WHEN counted >= expected THEN 'met'
        WHEN %(is_over)s THEN 'behind'
        WHEN everything >= expected THEN 'planned'
        WHEN 100::bigint * counted >= %(on_track)s::bigint * to_date THEN 'on_track'
        ELSE 'behind'
    END AS status
FROM counted
{
        "JOIN staff_contract main ON main.id = main_contract_id AND main.school_id = %(school_id)s"
        if scope.school_id is not None and scope.person_ids is None
        else ""
    }
"""


def _contracts(scope: Scope) -> str:
    """post: each contract of the year or of the date; employed: one row a person (R3, R6).

    `place` 1 is the contract that speaks for the person: the main one on the date, else on the last day
    they had one in the year before it, else on the first day to come. The fte is compared as a float:
    fractions with denominators up to 10,000 differ by far more than it errs, and equal ones are equal.
    """
    return f"""
post AS (
    SELECT
        c.id, c.person_id, c.fte_numerator AS top, c.fte_denominator AS bottom,
        CASE r.staff_group
            WHEN 'teacher' THEN %(teacher)s::int
            WHEN 'leadership' THEN %(leadership)s::int
            WHEN 'support' THEN %(support)s::int
        END AS day_minutes,
        greatest(c.starts_on, %(first)s::date) AS first_day,
        least(c.ends_on, %(last)s::date) + 1 AS day_after,
        c.starts_on <= %(last)s::date AND coalesce(c.ends_on, 'infinity') >= %(first)s::date AS in_year,
        c.starts_on <= %(on)s::date AND coalesce(c.ends_on, 'infinity') >= %(on)s::date AS is_now,
        row_number() OVER (
            PARTITION BY c.person_id
            ORDER BY
                c.starts_on > %(last)s::date OR coalesce(c.ends_on, 'infinity') < %(first)s::date,
                CASE
                    WHEN c.starts_on > %(day)s::date THEN 10000 + (c.starts_on - %(day)s::date)
                    WHEN c.ends_on < %(day)s::date THEN %(day)s::date - c.ends_on
                    ELSE 0
                END,
                NOT c.is_main,
                c.fte_numerator::float8 / c.fte_denominator DESC,
                c.contract_id COLLATE "C"
        ) AS place
    FROM staff_contract c JOIN staff_jobrole r ON r.id = c.job_role_id
    WHERE (
        (c.starts_on <= %(last)s::date AND (c.ends_on IS NULL OR c.ends_on >= %(first)s::date))
        OR (c.starts_on <= %(on)s::date AND (c.ends_on IS NULL OR c.ends_on >= %(on)s::date))
    ) {scope.filter("c.person_id")}
),
employed AS (
    SELECT
        person_id,
        max(id) FILTER (WHERE place = 1) AS main_contract_id,
        bool_or(is_now) AS is_in_contract,
        bool_or(is_now AND day_minutes IS NOT NULL) AS is_at_work,
        count(day_minutes) FILTER (WHERE in_year) AS posts,
        max(day_minutes) FILTER (WHERE in_year) AS day_minutes,
        max(top) FILTER (WHERE in_year AND day_minutes IS NOT NULL) AS top,
        max(bottom) FILTER (WHERE in_year AND day_minutes IS NOT NULL) AS bottom,
        max(first_day) FILTER (WHERE in_year AND day_minutes IS NOT NULL) AS first_day,
        max(day_after) FILTER (WHERE in_year AND day_minutes IS NOT NULL) AS day_after
    FROM post
    GROUP BY person_id
    HAVING bool_or(in_year)
)"""


def _absences(scope: Scope) -> str:
    """run: absences that lower the target, rows of one class that touch joined (R5)."""
    return f"""
away_row AS (
    SELECT
        id, person_id, absence_class, starts_on, coalesce(ends_on, %(on)s::date) AS ends_on,
        starts_on > 1 + max(coalesce(ends_on, %(on)s::date)) OVER (
            PARTITION BY person_id, absence_class ORDER BY starts_on, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS is_apart
    FROM staff_absence
    WHERE (ends_on IS NOT NULL OR starts_on <= %(on)s::date) {scope.filter("person_id")}
),
away_numbered AS (
    SELECT
        person_id, absence_class, starts_on, ends_on,
        count(*) FILTER (WHERE is_apart) OVER (
            PARTITION BY person_id, absence_class ORDER BY starts_on, id ROWS UNBOUNDED PRECEDING
        ) AS number
    FROM away_row
),
run AS (
    SELECT
        person_id, min(starts_on) AS starts_on, max(ends_on) AS ends_on,
        (absence_class IN ('unpaid', 'secondment'))::int AS lowers_both
    FROM away_numbered
    GROUP BY person_id, absence_class, number
    HAVING absence_class <> 'sickness' OR max(ends_on) - min(starts_on) + 1 >= %(sickness_days)s
),
away AS (
    SELECT
        person_id,
        bool_or(starts_on <= %(last)s::date AND ends_on >= %(first)s::date) AS in_year,
        bool_or(starts_on <= %(on)s::date AND ends_on >= %(on)s::date) AS is_now
    FROM run
    WHERE starts_on <= greatest(%(last)s::date, %(on)s::date)
        AND ends_on >= least(%(first)s::date, %(on)s::date)
    GROUP BY person_id
)"""


def _targets() -> str:
    """target: the three figures of R4 for each person, in whole minutes."""
    return """
person AS (
    SELECT
        e.*,
        coalesce(a.is_now, false) AND e.is_at_work AS is_paused,
        e.posts > 1 OR (e.posts = 1 AND coalesce(a.in_year, false)) AS is_swept
    FROM employed e LEFT JOIN away a USING (person_id)
),
change AS (
    SELECT
        p.person_id, p.first_day AS day,
        round(p.day_minutes * p.top::numeric(80, 60) / p.bottom, 60) AS minutes,
        round(p.top::numeric(80, 60) / p.bottom, 60) AS fte, 0 AS away, 0 AS away_both, p.day_after
    FROM post p JOIN person s ON s.person_id = p.person_id AND s.is_swept
    WHERE p.in_year AND p.day_minutes IS NOT NULL
    UNION ALL
    SELECT
        r.person_id, greatest(r.starts_on, %(first)s::date), 0, 0, 1, r.lowers_both,
        least(r.ends_on, %(last)s::date) + 1
    FROM run r JOIN person s ON s.person_id = r.person_id AND s.is_swept
    WHERE r.starts_on <= %(last)s::date AND r.ends_on >= %(first)s::date
),
step AS (
    SELECT person_id, day, minutes, fte, away, away_both FROM change
    UNION ALL
    SELECT person_id, day_after, -minutes, -fte, -away, -away_both FROM change
),
stretch AS (
    SELECT
        person_id, day, lead(day) OVER days AS next_day,
        sum(minutes) OVER days AS minutes, sum(fte) OVER days AS fte,
        sum(away) OVER days AS away, sum(away_both) OVER days AS away_both
    FROM step
    WINDOW days AS (PARTITION BY person_id ORDER BY day)
),
daily AS (
    SELECT
        person_id, away, away_both,
        CASE
            WHEN fte = 0 THEN 0
            WHEN fte > 1 OR NOT %(pro_rata)s THEN round(minutes::numeric(90, 60) / fte, 60)
            ELSE minutes
        END AS minutes,
        next_day - day AS days,
        greatest(0, least(next_day, %(on)s::date + 1) - day) AS days_to_date
    FROM stretch
    WHERE next_day > day
),
swept AS (
    SELECT
        person_id,
        sum(minutes * days) FILTER (WHERE away_both = 0) AS entitlement,
        sum(minutes * days) FILTER (WHERE away = 0) AS expected,
        sum(minutes * days_to_date) FILTER (WHERE away = 0) AS to_date
    FROM daily
    GROUP BY person_id
),
straight AS (
    SELECT
        person_id, main_contract_id, is_in_contract, is_paused, is_swept, posts > 0 AS owes,
        2 * %(owed)s::bigint * day_minutes * CASE WHEN %(pro_rata)s THEN top ELSE bottom END AS doubled,
        bottom * %(year_days)s::bigint AS divisor,
        day_after - first_day AS days,
        greatest(0, least(day_after, %(on)s::date + 1) - first_day) AS days_to_date
    FROM person
),
target AS (
    SELECT
        s.person_id, s.main_contract_id, s.is_in_contract, s.is_paused, s.owes,
        CASE
            WHEN s.is_swept
            THEN round(round(coalesce(w.entitlement, 0) * %(owed)s / %(year_days)s, 30))::bigint
            ELSE (s.doubled * s.days + s.divisor) / (2 * s.divisor)
        END AS entitlement,
        CASE
            WHEN s.is_swept
            THEN round(round(coalesce(w.expected, 0) * %(owed)s / %(year_days)s, 30))::bigint
            ELSE (s.doubled * s.days + s.divisor) / (2 * s.divisor)
        END AS expected,
        CASE
            WHEN s.is_swept
            THEN round(round(coalesce(w.to_date, 0) * %(owed)s / %(year_days)s, 30))::bigint
            ELSE (s.doubled * s.days_to_date + s.divisor) / (2 * s.divisor)
        END AS to_date
    FROM straight s LEFT JOIN swept w USING (person_id)
)"""


def _credits(scope: Scope) -> str:
    """ledger, planned: minutes a person and group, to the date and in all; nominal ones a body (R7, R12).

    The ledger is summed with its reversals, which carry the date of what they reverse (R9). Nominal
    entries are looked at one by one, since of several for one body the highest counts.
    """
    return f"""
ledger AS (
    SELECT
        person_id,
        sum(minutes) AS minutes,
        sum(minutes) FILTER (WHERE occurred_on <= %(on)s::date) AS minutes_to_date,
        sum(minutes) FILTER (WHERE {_is("compliance")}) AS compliance,
        sum(minutes) FILTER (WHERE {_is("compliance")} AND occurred_on <= %(on)s::date)
            AS compliance_to_date,
        sum(minutes) FILTER (WHERE {_is("giving")}) AS giving,
        sum(minutes) FILTER (WHERE {_is("giving")} AND occurred_on <= %(on)s::date) AS giving_to_date,
        sum(minutes) FILTER (WHERE {_is("nominal")}) AS nominal,
        sum(minutes) FILTER (WHERE {_is("nominal")} AND occurred_on <= %(on)s::date) AS nominal_to_date,
        sum(minutes) FILTER (WHERE is_own_time AND occurred_on <= %(on)s::date) AS own,
        sum(minutes) FILTER (WHERE is_own_time AND {_is("compliance")} AND occurred_on <= %(on)s::date)
            AS own_compliance,
        sum(minutes) FILTER (WHERE is_own_time AND {_is("giving")} AND occurred_on <= %(on)s::date)
            AS own_giving,
        sum(minutes) FILTER (WHERE is_own_time AND {_is("nominal")} AND occurred_on <= %(on)s::date)
            AS own_nominal
    FROM entitlements_ledgerentry
    WHERE year_id = %(year_id)s {scope.filter("person_id")}
    GROUP BY person_id
),
planned AS (
    SELECT
        person_id,
        sum(minutes) AS minutes,
        sum(minutes) FILTER (WHERE {_is("compliance")}) AS compliance,
        sum(minutes) FILTER (WHERE {_is("giving")}) AS giving,
        sum(minutes) FILTER (WHERE {_is("nominal")}) AS nominal
    FROM entitlements_plannedcredit
    WHERE year_id = %(year_id)s {scope.filter("person_id")}
    GROUP BY person_id
),
membership AS (
    SELECT e.person_id, lower(btrim(e.body)) AS body, e.minutes, e.occurred_on <= %(on)s::date AS is_done
    FROM entitlements_ledgerentry e
        LEFT JOIN entitlements_ledgerentry reversal ON reversal.reverses_id = e.id
    WHERE e.year_id = %(year_id)s AND {_is("nominal", "e.kind_id")}
        AND e.reverses_id IS NULL AND reversal.id IS NULL {scope.filter("e.person_id")}
    UNION ALL
    SELECT person_id, lower(btrim(body)), minutes, false
    FROM entitlements_plannedcredit
    WHERE year_id = %(year_id)s AND {_is("nominal")} {scope.filter("person_id")}
),
body AS (
    SELECT
        person_id, max(minutes) AS highest, max(minutes) FILTER (WHERE is_done) AS highest_to_date
    FROM membership
    GROUP BY person_id, body
),
nominal AS (
    SELECT person_id, sum(highest) AS minutes, sum(highest_to_date) AS minutes_to_date
    FROM body
    GROUP BY person_id
)"""


def _is(group: str, column: str = "kind_id") -> str:
    """Whether a kind is of a capped group; the list is made once for the whole statement."""
    return (
        f"{column} = ANY(ARRAY(SELECT id FROM entitlements_activitykind WHERE counts_as = 'capped_{group}'))"
    )


def _counted() -> str:
    """counted: recorded, counted with the caps, and what everything would count (R10, R13).

    `least` leaves a null out, so that a cap of none is no cap. Own time is cut as its group is.
    """
    return """
recorded AS (
    SELECT
        t.*,
        coalesce(l.minutes_to_date, 0) AS recorded,
        coalesce(l.minutes_to_date, 0) - coalesce(l.compliance_to_date, 0)
            - coalesce(l.giving_to_date, 0) - coalesce(l.nominal_to_date, 0) AS in_full,
        coalesce(l.minutes, 0) - coalesce(l.compliance, 0) - coalesce(l.giving, 0) - coalesce(l.nominal, 0)
            + coalesce(p.minutes, 0) - coalesce(p.compliance, 0) - coalesce(p.giving, 0)
            - coalesce(p.nominal, 0) AS all_in_full,
        coalesce(l.compliance_to_date, 0) AS compliance,
        coalesce(l.compliance, 0) + coalesce(p.compliance, 0) AS all_compliance,
        coalesce(l.giving_to_date, 0) AS giving,
        coalesce(l.giving, 0) + coalesce(p.giving, 0) AS all_giving,
        coalesce(n.minutes_to_date, 0) AS nominal,
        coalesce(n.minutes, 0) AS all_nominal,
        coalesce(l.nominal_to_date, 0) AS nominal_recorded,
        coalesce(l.own, 0) AS own,
        coalesce(l.own_compliance, 0) AS own_compliance,
        coalesce(l.own_giving, 0) AS own_giving,
        coalesce(l.own_nominal, 0) AS own_nominal,
        (2 * %(compliance_cap)s::bigint * t.entitlement + 100) / 200 AS compliance_cap,
        (2 * %(giving_cap)s::bigint * t.entitlement + 100) / 200 AS giving_cap,
        (2 * %(nominal_cap)s::bigint * t.entitlement + 100) / 200 AS nominal_cap
    FROM target t
        LEFT JOIN ledger l USING (person_id)
        LEFT JOIN planned p USING (person_id)
        LEFT JOIN nominal n USING (person_id)
),
counted AS (
    SELECT
        r.*,
        in_full + least(compliance, compliance_cap) + least(giving, giving_cap)
            + least(nominal, nominal_cap) AS counted,
        all_in_full + least(all_compliance, compliance_cap) + least(all_giving, giving_cap)
            + least(all_nominal, nominal_cap) AS everything,
        CASE
            WHEN own = 0 THEN 0
            ELSE round(round(
                own - own_compliance - own_giving - own_nominal
                + coalesce(own_compliance * least(compliance, compliance_cap)::numeric(80, 60)
                    / nullif(compliance, 0), 0)
                + coalesce(own_giving * least(giving, giving_cap)::numeric(80, 60)
                    / nullif(giving, 0), 0)
                + coalesce(own_nominal * least(nominal, nominal_cap)::numeric(80, 60)
                    / nullif(nominal_recorded, 0), 0),
            30))
        END AS own_time
    FROM recorded r
)"""
