"""Every write to a tracked table is in the audit trail (DESIGN, invariant 7)."""

from django.db import migrations

from staff.migration_operations import AuditTriggers

TRACKED = [
    "person",
    "contract",
    "absence",
    "responsibility",
    "delegation",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_tables")]

    operations = [
        *(AuditTriggers(model) for model in TRACKED),
    ]
