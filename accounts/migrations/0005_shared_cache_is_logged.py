from django.db import migrations


class Migration(migrations.Migration):
    # Limits by the day would begin anew with each crash of the database: an unlogged table is empty after one.
    dependencies = [("accounts", "0004_shared_cache")]
    operations = [
        # What Django's own cache left there is written in another way.
        migrations.RunSQL("TRUNCATE shared_cache", "TRUNCATE shared_cache"),
        migrations.RunSQL("ALTER TABLE shared_cache SET LOGGED", "ALTER TABLE shared_cache SET UNLOGGED"),
    ]
