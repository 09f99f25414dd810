"""The constraint of the migration before. Backwards what nobody has decided loses its line: it needs somebody."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

FORGET = "DELETE FROM entitlements_claimdecision WHERE actor_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0016_a_claim_may_be_decided_by_nobody")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        ValidateConstraint(model_name="claimdecision", name="claim_decision_by_somebody_unless_declined"),
    ]
