"""Every write to a tracked table is in the audit trail (DESIGN, invariant 7)."""

from django.db import migrations

from staff.migration_operations import AuditTriggers

TRACKED = [
    "course",
    "session",
    "booking",
    "bookingdecision",
    "attendance",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("courses", "0001_tables")]

    operations = [
        *(AuditTriggers(model) for model in TRACKED),
    ]
