from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("generation", "0008_worker_beat_is_called_worker_heartbeat")]

    operations = [
        migrations.RenameModel("FairShare", "QueueTag"),
        migrations.RenameModel("FairClock", "VirtualClock"),
    ]
