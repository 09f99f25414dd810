"""The kind of mentoring reads as a list, where the people team has not worded it otherwise."""

from django.db import migrations

BEFORE, AFTER = "Mentoring (ECT ITT new leader)", "Mentoring (ECT, ITT, new leader)"


def punctuate(apps, schema_editor):
    apps.get_model("entitlements", "ActivityKind").objects.filter(title=BEFORE).update(title=AFTER)


def unpunctuate(apps, schema_editor):
    apps.get_model("entitlements", "ActivityKind").objects.filter(title=AFTER).update(title=BEFORE)


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0009_words_of_the_admin")]

    operations = [migrations.RunPython(punctuate, unpunctuate)]
