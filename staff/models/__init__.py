from staff.models.messages import JobRun, Message, MessagePreference, Reminder
from staff.models.people import Absence, Contract, Person
from staff.models.responsibilities import Delegation, Responsibility
from staff.models.schools import Department, Hub, JobRole, School, StaffGroup
from staff.models.sign_in import OneTimeCode, SsoIdentity, User

__all__ = [
    "Absence",
    "Contract",
    "Delegation",
    "Department",
    "Hub",
    "JobRole",
    "JobRun",
    "Message",
    "MessagePreference",
    "OneTimeCode",
    "Person",
    "Reminder",
    "Responsibility",
    "School",
    "SsoIdentity",
    "StaffGroup",
    "User",
]
