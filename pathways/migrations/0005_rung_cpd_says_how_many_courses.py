from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0004_thread_moves_by_steps")]

    operations = [
        migrations.AddField(
            model_name="rungcpd",
            name="courses_needed",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text=(
                    "How many of the courses make it up: 1 where any of them does, 0 where they only prepare."
                ),
            ),
        )
    ]
