from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE, SET_NULL


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0004_pictures_cancelled_alone"),
        ("webapp", "0006_reasons_of_any_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("export", "export_asset_created"),
        migrations.RemoveConstraint("assetversion", "asset_version_once"),
        migrations.RenameModel("Asset", "Creative"),
        migrations.RenameModel("AssetVersion", "CreativeVersion"),
        migrations.RenameField("creativeversion", "asset", "creative"),
        migrations.RenameField("export", "asset", "creative"),
        migrations.AlterField(
            "creative",
            "campaign",
            models.ForeignKey(on_delete=CASCADE, related_name="creatives", to="webapp.campaign"),
        ),
        migrations.AlterField(
            "creative",
            "output",
            models.ForeignKey(null=True, on_delete=SET_NULL, related_name="creatives", to="generation.output"),
        ),
        migrations.RenameIndex("creative", new_name="creative_campaign_created", old_name="asset_campaign_created"),
        migrations.AddIndex(
            "export", models.Index(fields=["creative", "-created_at"], name="export_creative_created")
        ),
        migrations.AddConstraint(
            "creativeversion",
            models.UniqueConstraint(fields=["creative", "number"], name="creative_version_once"),
        ),
    ]
