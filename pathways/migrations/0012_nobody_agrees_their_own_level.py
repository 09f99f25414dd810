from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('pathways', '0011_panels_keep_to_their_budget'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='needsrating',
            constraint=models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F('person')),
                name='needs_rating_agreed_by_another',
            ),
        ),
    ]
