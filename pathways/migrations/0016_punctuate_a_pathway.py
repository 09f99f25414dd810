"""The pathway of technicians, the library and careers advice reads as a list. Its address stays."""

from django.db import migrations

BEFORE, AFTER = "Technicians library careers", "Technicians, library and careers"


def punctuate(apps, schema_editor):
    apps.get_model("pathways", "Pathway").objects.filter(name=BEFORE).update(name=AFTER)


def unpunctuate(apps, schema_editor):
    apps.get_model("pathways", "Pathway").objects.filter(name=AFTER).update(name=BEFORE)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0015_npqs_take_their_rule_from_the_table")]

    operations = [migrations.RunPython(punctuate, unpunctuate)]
