from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_allowance_of_a_person"),
        # These speak of accounts.account, so they come before it is renamed.
        ("generation", "0004_pictures_cancelled_alone"),
        ("webapp", "0007_asset_is_called_creative"),
    ]

    operations = [
        # Django renames a field, but not in the indexes and constraints that name it.
        migrations.RemoveConstraint("account", "account_weight_positive"),
        migrations.RemoveIndex("auditevent", "audit_account_id"),
        migrations.RemoveIndex("auditevent", "audit_account_verb_id"),
        migrations.RemoveIndex("auditevent", "audit_account_actor_id"),
        migrations.RemoveIndex("auditevent", "audit_account_day"),
        migrations.RemoveConstraint("membership", "membership_once"),
        migrations.RemoveIndex("usageentry", "usage_account_day"),
        migrations.RenameModel("Account", "Business"),
        migrations.RenameField("auditevent", "account", "business"),
        migrations.RenameField("invitation", "account", "business"),
        migrations.RenameField("membership", "account", "business"),
        migrations.RenameField("reservation", "account", "business"),
        migrations.RenameField("usageentry", "account", "business"),
        migrations.AlterField(
            "business",
            "weight",
            models.PositiveSmallIntegerField(
                default=1, help_text="Share of the queue against other businesses."
            ),
        ),
        migrations.AddConstraint(
            "business",
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="business_weight_positive"),
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["business", "-id"], name="audit_business_id")),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["business", "verb", "-id"], name="audit_business_verb_id")
        ),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["business", "actor", "-id"], name="audit_business_actor_id")
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["business", "at"], name="audit_business_day")),
        migrations.AddConstraint(
            "membership", models.UniqueConstraint(fields=["business", "user"], name="membership_once")
        ),
        migrations.AddIndex(
            "usageentry", models.Index(fields=["business", "day"], name="usage_business_day")
        ),
    ]
