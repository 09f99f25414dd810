import django.db.models.deletion
from django.db import migrations, models

GROUPS = [('teacher', 'Teachers'), ('leadership', 'Leadership'), ('support', 'Support staff'), ('casual', 'Casual')]
PHASES = [('primary', 'Primary'), ('secondary', 'Secondary'), ('', 'Not a school')]


def kept(name, model, **options):
    """A column alone: what it refers to, and that it is filled, is held from 0013 on, without a lock on both tables."""
    field = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=model, **options
    )
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f'ALTER TABLE entitlements_closedstatement ADD COLUMN {name}_id bigint',
                f'ALTER TABLE entitlements_closedstatement DROP COLUMN {name}_id',
            )
        ],
        [migrations.AddField('closedstatement', name, field)],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0007_what_is_meant_once_is_there_once'),
        ('entitlements', '0010_punctuate_a_kind'),
    ]

    operations = [
        kept('school', 'staff.school'),
        kept('department', 'staff.department'),
        kept('line_manager', 'staff.person', null=True),
        migrations.AddField(
            model_name='closedstatement',
            name='school_phase',
            field=models.CharField(blank=True, choices=PHASES, db_default='', max_length=10),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='role_title',
            field=models.CharField(db_default='', max_length=120),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='job_family',
            field=models.CharField(db_default='', max_length=60),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='staff_group',
            field=models.CharField(choices=GROUPS, db_default='', max_length=12),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='is_in_contract',
            field=models.BooleanField(db_default=True, help_text='Whether a contract was in force on the last day.'),
        ),
    ]
