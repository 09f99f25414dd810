from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0012_fill_who_worked_where'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='closedstatement',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('department__isnull', False),
                    ('school__isnull', False),
                    ('staff_group__in', ['teacher', 'leadership', 'support', 'casual']),
                ),
                name='closed_statement_says_of_where_and_as_what',
            ),
        ),
    ]
