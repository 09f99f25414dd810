from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

REFERENCES = ('school', 'department', 'line_manager')


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0013_nobody_of_a_closed_year_is_without_a_place'),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f'ALTER TABLE entitlements_closedstatement VALIDATE CONSTRAINT closed_statement_{name}',
                migrations.RunSQL.noop,
            )
            for name in REFERENCES
        ),
        ValidateConstraint(model_name='closedstatement', name='closed_statement_has_its_place'),
        ValidateConstraint(model_name='closedstatement', name='closed_statement_staff_group_known'),
    ]
