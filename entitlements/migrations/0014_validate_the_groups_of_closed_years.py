from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0013_nobody_of_a_closed_year_is_without_a_place'),
    ]

    operations = [
        ValidateConstraint(model_name='closedstatement', name='closed_statement_staff_group_known'),
    ]
