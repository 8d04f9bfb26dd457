from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_operator_and_notices")]

    operations = [
        # When somebody came to a business is on their membership; who accepted what is in the audit log.
        migrations.RemoveField("user", "joined_at"),
        migrations.RemoveField("invitation", "accepted_by"),
    ]
