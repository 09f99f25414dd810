"""The audit trail, and what nobody may do to the ledger."""

from django.db import migrations

from staff.migration_operations import AuditTriggers, run_sql_file

TRACKED = [
    "claim",
    "claimdecision",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("entitlements", "0001_tables")]

    operations = [
        *(AuditTriggers(model) for model in TRACKED),
        run_sql_file(__file__, "ledger.sql"),
    ]
