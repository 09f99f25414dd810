from entitlements.models.claims import Claim, ClaimDecision
from entitlements.models.ledger import CarryOver, LedgerEntry, PlannedCredit
from entitlements.models.statements import ClosedStatement, Statement, StatementStatus
from entitlements.models.years import AcademicYear, ActivityKind, EntitlementPolicy

__all__ = [
    "AcademicYear",
    "ActivityKind",
    "CarryOver",
    "Claim",
    "ClaimDecision",
    "ClosedStatement",
    "EntitlementPolicy",
    "LedgerEntry",
    "PlannedCredit",
    "Statement",
    "StatementStatus",
]
