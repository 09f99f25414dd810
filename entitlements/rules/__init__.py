"""The entitlement rules R1 to R17 of DOMAIN section 2 as plain arithmetic.

Facts in, answers out: no database, no settings, no clock. The set-based statement in
`entitlements/queries/` says the same in SQL for everybody at once; this says it for one
person, to explain a figure to its owner and to check the SQL.
"""
