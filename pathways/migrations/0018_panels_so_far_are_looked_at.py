"""Every panel so far has a share for each month: in a transaction of its own, so that nobody waits."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pathways", "0017_each_panel_has_its_scale")]

    operations = [
        ValidateConstraint(model_name="masterspanel", name="panel_share_for_each_month"),
    ]
