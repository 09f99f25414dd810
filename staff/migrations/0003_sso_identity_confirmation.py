import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_reminder")]

    operations = [
        migrations.AlterModelOptions(
            name="ssoidentity", options={"ordering": ["-asked_at"], "verbose_name": "linked account"}
        ),
        migrations.RemoveField(model_name="ssoidentity", name="linked_at"),
        migrations.AddField(
            model_name="ssoidentity",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="ssoidentity",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ssoidentity",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ssoidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", False)),
                fields=("user", "issuer", "tenant"),
                name="sso_identity_one_confirmed_each",
            ),
        ),
    ]
