import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

from staff.migration_operations import AlterWords, RemoveConstraintToWiden

# Nobody decided what has lapsed. The release before writes an actor always, and shows none of these rows.
NOBODY = """-- squawk-ignore ban-drop-not-null
ALTER TABLE entitlements_{} ALTER COLUMN actor_id DROP NOT NULL"""
SOMEBODY = "ALTER TABLE entitlements_claimdecision ALTER COLUMN actor_id SET NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0015_words_of_the_policy'),
        ('staff', '0007_what_is_meant_once_is_there_once'),
    ]

    operations = [
        RemoveConstraintToWiden(
            model_name='claimdecision',
            name='claim_decision_not_on_own',
        ),
        RemoveConstraintToWiden(
            model_name='claimdecision',
            name='claim_decline_and_question_have_words',
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL([NOBODY.format("claimdecision")], [SOMEBODY])],
            [
                migrations.AlterField(
                    model_name='claimdecision',
                    name='actor',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_decisions', to='staff.person'),
                ),
            ],
        ),
        AlterWords(
            model_name='claimdecision',
            name='decision',
            field=models.CharField(choices=[('sent', 'Sent'), ('asked', 'Asked a question'), ('answered', 'Answered'), ('verified', 'Verified'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not decided in time')], max_length=10),
        ),
        # The trail keeps what was written into it: backwards its column goes on taking none.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL([NOBODY.format("claimdecisionevent")], migrations.RunSQL.noop),
            ],
            [
                migrations.AlterField(
                    model_name='claimdecisionevent',
                    name='actor',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.person'),
                ),
            ],
        ),
        AlterWords(
            model_name='claimdecisionevent',
            name='decision',
            field=models.CharField(choices=[('sent', 'Sent'), ('asked', 'Asked a question'), ('answered', 'Answered'), ('verified', 'Verified'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not decided in time')], max_length=10),
        ),
        AddConstraintNotValid(
            model_name='claimdecision',
            constraint=models.CheckConstraint(
                condition=Q(actor=F('claimant'), decision__in=['sent', 'answered', 'withdrawn'])
                | (Q(decision__in=['asked', 'verified', 'declined']) & ~Q(actor=F('claimant')))
                | Q(decision='lapsed'),
                name='claim_decision_not_on_own',
            ),
        ),
        AddConstraintNotValid(
            model_name='claimdecision',
            constraint=models.CheckConstraint(
                condition=Q(actor__isnull=True, decision='lapsed')
                | (~Q(decision='lapsed') & Q(actor__isnull=False)),
                name='claim_decision_by_nobody_where_it_lapsed',
            ),
        ),
        AddConstraintNotValid(
            model_name='claimdecision',
            constraint=models.CheckConstraint(
                condition=~Q(decision__in=['asked', 'declined', 'lapsed']) | ~Q(words=''),
                name='claim_decline_and_question_have_words',
            ),
        ),
    ]
