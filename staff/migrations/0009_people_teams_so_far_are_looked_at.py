"""Every people team so far is the trust's: in a transaction of its own, so that nobody waits."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_people_team_of_the_trust")]

    operations = [
        ValidateConstraint(model_name="responsibility", name="responsibility_people_team_of_the_trust"),
    ]
