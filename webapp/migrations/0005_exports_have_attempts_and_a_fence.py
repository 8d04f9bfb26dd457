from django.db import migrations, models


def forget_touches(apps, schema_editor):
    """Until now every export kept the time at which it was last touched; a lease is of those being made."""
    apps.get_model('webapp', 'Export').objects.exclude(status='running').update(lease_until=None)


class Migration(migrations.Migration):

    dependencies = [
        ('webapp', '0004_exports'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='export', name='export_unfinished'),
        migrations.RenameField(model_name='export', old_name='touched_at', new_name='lease_until'),
        migrations.AlterField(
            model_name='export',
            name='lease_until',
            field=models.DateTimeField(blank=True, help_text='After which who makes it is taken for dead.', null=True),
        ),
        migrations.AddField(model_name='export', name='attempts', field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            model_name='export',
            name='epoch',
            field=models.PositiveIntegerField(default=0, help_text='Fence: bumped by every claim.'),
        ),
        migrations.AddField(
            model_name='export',
            name='owner',
            field=models.CharField(blank=True, default='', help_text='Who makes it.', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(forget_touches, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('status__in', ['waiting', 'running'])), fields=['attempts', 'created_at'], name='export_claim'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='export_lease_only_while_running'),
        ),
    ]
