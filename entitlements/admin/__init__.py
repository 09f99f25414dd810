"""The people team's side of entitlements: the ledger to read, the policy to set."""

from entitlements.admin import ledger, years

__all__ = ["ledger", "years"]
