from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

REFER = """
ALTER TABLE entitlements_closedstatement ADD CONSTRAINT closed_statement_{name}
    FOREIGN KEY ({name}_id) REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED NOT VALID
"""
FORGET = "ALTER TABLE entitlements_closedstatement DROP CONSTRAINT closed_statement_{name}"
TABLES = {"school": "staff_school", "department": "staff_department", "line_manager": "staff_person"}


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0012_fill_who_worked_where'),
    ]

    operations = [
        *(
            migrations.RunSQL(REFER.format(name=name, table=table), FORGET.format(name=name))
            for name, table in TABLES.items()
        ),
        AddConstraintNotValid(
            model_name='closedstatement',
            constraint=models.CheckConstraint(
                condition=Q(school__isnull=False, department__isnull=False),
                name='closed_statement_has_its_place',
            ),
        ),
        AddConstraintNotValid(
            model_name='closedstatement',
            constraint=models.CheckConstraint(
                condition=Q(staff_group__in=['teacher', 'leadership', 'support', 'casual']),
                name='closed_statement_staff_group_known',
            ),
        ),
    ]
