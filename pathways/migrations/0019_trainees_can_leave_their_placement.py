"""A placement can be withdrawn from. The table of moves is only wider: the steps so far are looked at in the next."""

from functools import reduce
from operator import or_

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

from staff.migration_operations import RemoveConstraintToWiden

# The table of moves as it is from here on: state, next state, as whom.
MOVES = (
    ("advised", "applied", "own"),
    ("advised", "applied", "people_team"),
    ("advised", "withdrawn", "own"),
    ("advised", "withdrawn", "people_team"),
    ("applied", "offered", "people_team"),
    ("applied", "withdrawn", "own"),
    ("applied", "withdrawn", "people_team"),
    ("interested", "advised", "people_team"),
    ("interested", "withdrawn", "own"),
    ("interested", "withdrawn", "people_team"),
    ("offered", "placed", "people_team"),
    ("offered", "withdrawn", "own"),
    ("offered", "withdrawn", "people_team"),
    ("placed", "withdrawn", "people_team"),
)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0018_panels_so_far_are_looked_at")]

    operations = [
        RemoveConstraintToWiden(model_name="teachingintereststep", name="teaching_step_is_a_move"),
        AddConstraintNotValid(
            model_name="teachingintereststep",
            constraint=models.CheckConstraint(
                name="teaching_step_is_a_move",
                condition=reduce(
                    or_,
                    (
                        Q(from_state=source, to_state=target, capacity=capacity)
                        for source, target, capacity in MOVES
                    ),
                ),
            ),
        ),
    ]
