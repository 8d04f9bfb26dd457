from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0003_models_a_worker_lacks")]

    operations = [
        migrations.AddField(
            model_name="output",
            name="cancelled_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When somebody took it out of its job, which goes on without it.",
                null=True,
            ),
        ),
    ]
