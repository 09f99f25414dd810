from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0013_nobody_of_a_closed_year_is_without_a_place'),
    ]

    operations = [
        *(
            migrations.RunSQL(
                [f'ALTER TABLE entitlements_closedstatement VALIDATE CONSTRAINT closed_statement_{name}_there'],
                migrations.RunSQL.noop,
            )
            for name in ('school', 'department', 'line_manager')
        ),
        ValidateConstraint(model_name='closedstatement', name='closed_statement_says_of_where_and_as_what'),
    ]
