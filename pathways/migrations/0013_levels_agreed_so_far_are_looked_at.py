from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pathways', '0012_nobody_agrees_their_own_level'),
    ]

    operations = [
        ValidateConstraint(model_name='needsrating', name='needs_rating_agreed_by_another'),
    ]
