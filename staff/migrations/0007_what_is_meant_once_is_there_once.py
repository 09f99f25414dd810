import pghistory
from django.db import migrations, models
from django.db.models import Q

from staff.migration_operations import AddConstraint

# Rows that say the same: of each the oldest stays. The trail has a line for each that goes.
FOLD = """
DELETE FROM {table} newer USING {table} older
WHERE older.id < newer.id AND {same}
"""
SAME = {
    "staff_absence": ("person_id", "absence_class", "starts_on", "ends_on"),
    "staff_delegation": ("from_person_id", "to_person_id", "starts_on", "ends_on"),
    "staff_responsibility": ("person_id", "kind", "school_id", "hub_id", "starts_on", "ends_on"),
}
# What is left of which there may be one only: somebody has to say which of them is right.
LEFT = {
    "absences of one person, class and first day with different last days": (
        "staff_absence", ("person_id", "absence_class", "starts_on"), "TRUE"
    ),
    "responsibilities of one person, kind, place and first day with different last days": (
        "staff_responsibility", ("person_id", "kind", "school_id", "hub_id", "starts_on"), "TRUE"
    ),
    "people without a payroll number of one name, e-mail and partner trust": (
        "staff_person",
        ("first_name", "last_name", "work_email", "partner_id"),
        "payroll_number IS NULL AND erased_at IS NULL",
    ),
}


def fold(apps, schema_editor):
    """One row for what was written twice; stops, with the ids, where only somebody who knows can say which."""
    with pghistory.context(action="staff.0007"), schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait while the tables are changed
        for table, columns in SAME.items():
            same = " AND ".join(f"older.{name} IS NOT DISTINCT FROM newer.{name}" for name in columns)
            cursor.execute(FOLD.format(table=table, same=same))
        found = []
        for what, (table, columns, which) in LEFT.items():
            cursor.execute(
                f"SELECT array_agg(id ORDER BY id) FROM {table} WHERE {which} "
                f"GROUP BY {', '.join(columns)} HAVING count(*) > 1 ORDER BY min(id)"
            )
            groups = ["ids " + ", ".join(map(str, ids)) for (ids,) in cursor.fetchall()]
            if groups:
                found.append(f"{what} ({'; '.join(groups[:20])})")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    if found:
        raise RuntimeError(
            "There may be one only, and there are several: "
            + "; ".join(found)
            + ". Change or delete all but one of each in the admin, then migrate again. Nothing was changed."
        )


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('staff', '0006_words_of_the_admin'),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
        AddConstraint(
            model_name='absence',
            constraint=models.UniqueConstraint(fields=('person', 'absence_class', 'starts_on'), name='absence_once'),
        ),
        AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(
                fields=('from_person', 'to_person', 'starts_on', 'ends_on'), name='delegation_once'
            ),
        ),
        AddConstraint(
            model_name='responsibility',
            constraint=models.UniqueConstraint(
                fields=('person', 'kind', 'school', 'hub', 'starts_on'),
                name='responsibility_once',
                nulls_distinct=False,
            ),
        ),
        AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(
                condition=Q(payroll_number__isnull=True, erased_at__isnull=True),
                fields=('first_name', 'last_name', 'work_email', 'partner'),
                name='person_without_number_once',
                nulls_distinct=False,
                violation_error_message='Somebody of this name, without a number, is there already.',
            ),
        ),
    ]
