from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_business_has_locale_and_currency")]

    operations = [
        # Nobody read is_staff, and nobody could get it.
        migrations.RenameField("user", "is_staff", "is_operator"),
        migrations.AlterField(
            "user",
            "is_operator",
            models.BooleanField(
                default=False,
                help_text="Runs this machine: sees workers, queue and notices, nobody's pictures.",
            ),
        ),
        migrations.CreateModel(
            "Notice",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sentence", models.CharField(max_length=300, unique=True)),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField(default=timezone.now)),
                ("last_at", models.DateTimeField(default=timezone.now)),
            ],
            options={"indexes": [models.Index(fields=["-last_at"], name="notice_newest")]},
        ),
    ]
