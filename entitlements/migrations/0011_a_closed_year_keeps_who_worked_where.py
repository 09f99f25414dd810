import django.db.models.deletion
from django.db import migrations, models

GROUPS = [('teacher', 'Teachers'), ('leadership', 'Leadership'), ('support', 'Support staff'), ('casual', 'Casual')]


def reference(name, table, label):
    """A column that leads to a row, looked at in a later migration, so that nobody waits for the other table."""
    field = models.ForeignKey(
        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=label
    )
    closed = 'ALTER TABLE entitlements_closedstatement'
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                [
                    f'{closed} ADD COLUMN {name}_id bigint',
                    f'{closed} ADD CONSTRAINT closed_statement_{name}_there FOREIGN KEY ({name}_id) '
                    f'REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED NOT VALID',
                ],
                [f'{closed} DROP COLUMN {name}_id'],
            )
        ],
        [migrations.AddField(model_name='closedstatement', name=name, field=field)],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0007_what_is_meant_once_is_there_once'),
        ('entitlements', '0010_punctuate_a_kind'),
    ]

    operations = [
        reference('school', 'staff_school', 'staff.school'),
        migrations.AddField(
            model_name='closedstatement',
            name='school_phase',
            field=models.CharField(blank=True, choices=[('primary', 'Primary'), ('secondary', 'Secondary'), ('', 'Not a school')], db_default='', max_length=10),
        ),
        reference('department', 'staff_department', 'staff.department'),
        reference('line_manager', 'staff_person', 'staff.person'),
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
