"""Every model is as its migrations leave the tables: a role without one, for instance, would be a 500."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)
