from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # so that nobody waits for the index

    dependencies = [("courses", "0003_words_of_the_admin")]

    operations = [
        AddIndexConcurrently(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "requested")), fields=["session"], name="booking_requests_to_end"
            ),
        ),
    ]
