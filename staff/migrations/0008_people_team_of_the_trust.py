from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


def find_others(apps, schema_editor):
    """Stops, with the ids, where the people team is held for a school or a hub: it opened the whole trust."""
    held = apps.get_model("staff", "Responsibility").objects.filter(kind="people_team")
    ids = list(held.exclude(school=None, hub=None).order_by("pk").values_list("pk", flat=True))
    if ids:
        raise RuntimeError(
            "The people team works for the whole trust, and these responsibilities name a school or a hub: ids "
            + ", ".join(map(str, ids))
            + ". Leave both empty in the admin, or delete them there, also where they are over; then migrate again. "
            "Nothing was changed."
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0007_what_is_meant_once_is_there_once")]

    operations = [
        migrations.RunPython(find_others, migrations.RunPython.noop),
        AddConstraintNotValid(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "people_team"), _negated=True),
                    models.Q(("hub__isnull", True), ("school__isnull", True)),
                    _connector="OR",
                ),
                name="responsibility_people_team_of_the_trust",
            ),
        ),
    ]
