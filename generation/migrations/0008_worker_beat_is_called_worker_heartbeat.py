from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("generation", "0007_owner_is_called_claimed_by")]

    operations = [migrations.RenameModel("WorkerBeat", "WorkerHeartbeat")]
