from django.db import migrations, models


class Migration(migrations.Migration):
    """Three more kinds of reminders that somebody may do without; each comes unless switched off."""

    dependencies = [("staff", "0004_finance_responsibility")]

    operations = [
        migrations.AddField(
            model_name="messagepreference",
            name="wants_induction_reminders",
            field=models.BooleanField(
                default=True, verbose_name="What is due in an induction: mine, or of somebody I help to start"
            ),
        ),
        migrations.AddField(
            model_name="messagepreference",
            name="wants_needs_reminders",
            field=models.BooleanField(
                default=True,
                verbose_name="A week before learning needs close: what I or my team have not rated",
            ),
        ),
        migrations.AddField(
            model_name="messagepreference",
            name="wants_growth_reminders",
            field=models.BooleanField(
                default=True, verbose_name="What comes next in coaching and in the early years of teaching"
            ),
        ),
    ]
