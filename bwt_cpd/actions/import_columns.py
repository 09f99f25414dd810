"""What goes into each column of the files that the admin takes, in words for whoever makes the file.

What is read and refused stands with the readers of the rows; a test holds that every column has its words here.
"""

from typing import Final

_DAY: Final = "as 2026-09-01"
_PAYROLL: Final = "the staff number"

COLUMN_WORDS: Final = {
    "schools": {
        "code": "the key, at most 12 letters, such as BPS",
        "name": "as people say it",
        "kind": "school, central or partner",
        "phase": "primary or secondary; empty where it is no school",
        "town": "may be empty",
        "local_authority": "may be empty",
        "urn": "six figures; may be empty",
    },
    "roles": {
        "code": "the key, such as TA2",
        "title": "as it stands in a contract",
        "department": "its name; one that is not there is made",
        "job_family": "such as Classroom support",
        "staff_group": "teacher, leadership, support or casual",
    },
    "people": {
        "payroll_number": f"{_PAYROLL}: the key",
        "first_name": "",
        "last_name": "",
        "work_email": "empty for whoever has no mailbox: they sign in with their number",
        "trn": "teacher reference number, seven figures; may be empty",
    },
    "contracts": {
        "contract_id": "the key, one for each post",
        "payroll_number": f"{_PAYROLL} of the person",
        "school_code": "a school that is there or in the file",
        "role_code": "a role that is there or in the file",
        "fte": "share of full time, above 0 and at most 1: 0.6, or 22.2/37",
        "days_per_week": "such as 5 or 2.5",
        "weeks_per_year": "may be empty",
        "starts_on": _DAY,
        "ends_on": f"the last day, {_DAY}; empty while it goes on",
        "manager_payroll_number": f"{_PAYROLL} of the line manager; may be empty",
        "is_main": "yes for the main post of several; may be empty",
    },
    "absences": {
        "payroll_number": f"{_PAYROLL} of the person",
        "class": "family, sickness, unpaid or secondment; never a cause",
        "starts_on": _DAY,
        "ends_on": f"the last day, {_DAY}; empty while it goes on",
    },
    "activities": {
        "external_id": "the key: the register's own number for this person and activity",
        "payroll_number": f"{_PAYROLL} of the person",
        "kind": "the code of a kind of CPD, such as course, online or inset_day",
        "amount": "minutes, or a number of days for kinds that count by days, such as 1 or 0.5",
        "occurred_on": f"the day, {_DAY}",
        "title": "what it was; empty: the name of the kind",
        "status": "planned, attended or verified; only verified counts",
        "cpd_fraction": "the share that was CPD, such as 0.5; empty: all of it",
        "body": "the professional body of a membership or an award",
        "own_time": "yes if it was in their own time; empty: no",
    },
    "courses": {
        "code": "the key, at most 20 letters",
        "title": "at most 120 letters",
        "hub": "the code of a hub that is there, such as PTH",
        "strand": "its name; one that is not there is made",
        "audience": "all, partner, staff groups and job families, with ; between",
        "mode": "in_person, online, hybrid or in_school",
        "minutes": "what full attendance credits",
        "kind": "the code of a kind of CPD, such as course or bite_size",
        "summary": "at most 1,000 letters",
        "outcomes": "what somebody will be able to do, with ; between; may be empty",
        "for_whom": "a sentence; may be empty",
    },
    "sessions": {
        "course_code": "a course that is there or in the other file",
        "session_code": "the key, at most 40 letters",
        "school": "the code of a school; empty: online",
        "room": "may be empty",
        "online_link": "begins with https://; may be empty",
        "starts_at": "as 2026-12-10T15:45; may be empty where parts are given",
        "ends_at": "the same",
        "capacity": "places, from 1",
        "trainer_payroll_number": "who leads, several with ; between; may be empty",
        "booking_opens_at": "empty: at once",
        "booking_closes_at": "empty: when it begins",
        "parts": "start/end of each date with ; between; empty: one date",
    },
}
