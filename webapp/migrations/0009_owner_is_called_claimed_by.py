from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webapp", "0008_account_is_called_business")]

    operations = [
        migrations.RenameField("export", "owner", "claimed_by"),
        migrations.AlterField(
            "export",
            "claimed_by",
            models.CharField(blank=True, help_text="The worker that makes it.", max_length=64),
        ),
    ]
