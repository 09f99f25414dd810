import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

# Nobody who reads today's rows meets a null: only the closing of a year writes one.
TAKE_NONE = [
    f"-- squawk-ignore ban-drop-not-null\nALTER TABLE entitlements_{table} ALTER COLUMN actor_id DROP NOT NULL"
    for table in ("claimdecision", "claimdecisionevent")
]
# The trail keeps what was written into it, so that its column goes on taking none.
TAKE_SOMEBODY = "ALTER TABLE entitlements_claimdecision ALTER COLUMN actor_id SET NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0015_words_of_the_policy'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TAKE_NONE, TAKE_SOMEBODY)],
            [
                migrations.AlterField(
                    model_name='claimdecision',
                    name='actor',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_decisions', to='staff.person'),
                ),
                migrations.AlterField(
                    model_name='claimdecisionevent',
                    name='actor',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.person'),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name='claimdecision',
            constraint=models.CheckConstraint(
                condition=Q(actor__isnull=False) | Q(decision='declined'),
                name='claim_decision_by_somebody_unless_declined',
            ),
        ),
    ]
