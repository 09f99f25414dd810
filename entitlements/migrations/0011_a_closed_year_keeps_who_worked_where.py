import django.db.models.deletion
from django.db import migrations, models

GROUPS = [('teacher', 'Teachers'), ('leadership', 'Leadership'), ('support', 'Support staff'), ('casual', 'Casual')]


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0007_what_is_meant_once_is_there_once'),
        ('entitlements', '0010_punctuate_a_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='closedstatement',
            name='school',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.school'),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='school_phase',
            field=models.CharField(blank=True, choices=[('primary', 'Primary'), ('secondary', 'Secondary'), ('', 'Not a school')], default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='department',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.department'),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='line_manager',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.person'),
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='role_title',
            field=models.CharField(default='', max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='job_family',
            field=models.CharField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='staff_group',
            field=models.CharField(choices=GROUPS, default='', max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='closedstatement',
            name='is_in_contract',
            field=models.BooleanField(default=True, help_text='Whether a contract was in force on the last day.'),
            preserve_default=False,
        ),
    ]
