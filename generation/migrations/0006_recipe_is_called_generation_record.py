from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("generation", "0005_account_is_called_business")]

    operations = [migrations.RenameField("output", "recipe", "generation_record")]
