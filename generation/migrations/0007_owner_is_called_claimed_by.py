from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0006_recipe_is_called_generation_record")]

    operations = [
        migrations.RenameField("job", "owner", "claimed_by"),
        migrations.RenameField("workerbeat", "owner", "worker"),
        migrations.AlterField(
            "job",
            "claimed_by",
            models.CharField(blank=True, help_text="The worker that holds it.", max_length=64),
        ),
        migrations.AlterField(
            "workerbeat",
            "worker",
            models.CharField(
                help_text="As in `claimed_by` of the jobs it holds.",
                max_length=64,
                primary_key=True,
                serialize=False,
            ),
        ),
    ]
