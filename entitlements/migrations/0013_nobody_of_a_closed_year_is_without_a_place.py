import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0012_fill_who_worked_where'),
    ]

    operations = [
        migrations.AlterField(
            model_name='closedstatement',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.school'),
        ),
        migrations.AlterField(
            model_name='closedstatement',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.department'),
        ),
        AddConstraintNotValid(
            model_name='closedstatement',
            constraint=models.CheckConstraint(
                condition=models.Q(staff_group__in=['teacher', 'leadership', 'support', 'casual']),
                name='closed_statement_staff_group_known',
            ),
        ),
    ]
