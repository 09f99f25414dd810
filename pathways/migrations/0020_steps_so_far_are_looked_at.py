"""Every step so far is in the table of moves: in a transaction of its own, so that nobody waits."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pathways", "0019_trainees_can_leave_their_placement")]

    operations = [
        ValidateConstraint(model_name="teachingintereststep", name="teaching_step_is_a_move"),
    ]
