"""The people team's side of entitlements: the ledger to read, the policy to set."""

from entitlements.admin import carry_overs, ledger, years

__all__ = ["carry_overs", "ledger", "years"]
