from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_account_is_called_business"),
        ("webapp", "0007_asset_is_called_creative"),
    ]

    operations = [
        migrations.RemoveConstraint("brandkit", "brand_kit_one_default"),
        migrations.RemoveIndex("project", "project_account_created"),
        migrations.RenameField("brandkit", "account", "business"),
        migrations.RenameField("project", "account", "business"),
        migrations.AddConstraint(
            "brandkit",
            models.UniqueConstraint(
                fields=["business"], condition=models.Q(is_default=True), name="brand_kit_one_default"
            ),
        ),
        migrations.AddIndex(
            "project", models.Index(fields=["business", "-created_at"], name="project_business_created")
        ),
    ]
