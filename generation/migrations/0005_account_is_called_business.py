from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_account_is_called_business"),
        ("generation", "0004_pictures_cancelled_alone"),
    ]

    operations = [
        migrations.RemoveConstraint("job", "job_key_once_per_account"),
        migrations.RemoveIndex("job", "job_account_created"),
        migrations.RenameField("job", "account", "business"),
        migrations.RenameField("fairshare", "account", "business"),
        migrations.AddConstraint(
            "job", models.UniqueConstraint(fields=["business", "key"], name="job_key_once_per_business")
        ),
        migrations.AddIndex(
            "job", models.Index(fields=["business", "-created_at"], name="job_business_created")
        ),
    ]
