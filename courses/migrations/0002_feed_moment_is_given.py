from django.db import migrations, models


class Migration(migrations.Migration):
    """The moment a calendar feed is made is given by the action: its token follows from it."""

    dependencies = [("courses", "0001_initial")]

    operations = [
        migrations.AlterField("calendarfeed", "created_at", models.DateTimeField()),
    ]
