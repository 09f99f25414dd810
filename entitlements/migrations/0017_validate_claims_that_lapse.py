"""The constraints of the migration before. Backwards what has lapsed loses its line: nobody can have written it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

FORGET = "DELETE FROM entitlements_claimdecision WHERE decision = 'lapsed'"
NAMES = (
    "claim_decision_not_on_own",
    "claim_decision_by_nobody_where_it_lapsed",
    "claim_decline_and_question_have_words",
)


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0016_claims_lapse_as_their_year_closes")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        *(ValidateConstraint(model_name="claimdecision", name=name) for name in NAMES),
    ]
