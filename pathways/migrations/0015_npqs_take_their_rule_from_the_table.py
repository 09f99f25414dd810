from django.db import migrations

# The rules of the November 2026 cohort, as the portal read them from a file so far.
RULES = {
    'all_publicly_funded': ['NPQSL', 'NPQH', 'NPQSENCO'],
    'publicly_funded_early_years_and_schools': ['NPQEYL'],
    'pp50_or_rise': ['NPQLT', 'NPQLBC', 'NPQLL', 'NPQLPM', 'NPQEL'],
    'pp50_or_rise_or_itt_lead_mentor': ['NPQLTD'],
    'first_5_years_of_headship_with_NPQH': ['EHCO'],
}


def take_over(apps, schema_editor):
    """Routes that are there already get the rule they were read by; one with a rule of its own keeps it."""
    route = apps.get_model('pathways', 'Route')
    for rule, codes in RULES.items():
        route.objects.filter(kind='npq', code__in=codes, npq_rule='').update(npq_rule=rule)


class Migration(migrations.Migration):

    dependencies = [
        ('pathways', '0014_routes_say_whom_an_npq_is_paid_for'),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
