from django.db import migrations, models
from django.db.models.deletion import CASCADE

# A job for each export, under the same key, so that its address stays. Whoever was making one when the old
# Handbill was stopped is gone.
JOBS = """
INSERT INTO generation_job (id, business_id, created_by_id, kind, queue, key, request, status, attempts,
    reason_code, reason, progress, progress_total, cost, start_tag, finish_tag, epoch, claimed_by, gpu_seconds,
    created_at, started_at, finished_at)
SELECT export.id, project.business_id, export.created_by_id, 'export', 'cpu', 'export-' || export.id, '{}',
    CASE export.status WHEN 'ready' THEN 'done' WHEN 'failed' THEN 'failed' ELSE 'queued' END,
    LEAST(export.attempts, 2), CASE export.status WHEN 'failed' THEN 'not_exported' ELSE '' END, export.reason,
    CASE export.status WHEN 'ready' THEN export.total ELSE 0 END, GREATEST(export.total, 1),
    GREATEST(export.total, 1), 0, 0, export.epoch, '', 0, export.created_at,
    NULL, CASE WHEN export.status IN ('ready', 'failed') THEN export.created_at END
FROM webapp_export AS export
JOIN webapp_creative AS creative ON creative.id = export.creative_id
JOIN webapp_campaign AS campaign ON campaign.id = creative.campaign_id
JOIN webapp_project AS project ON project.id = campaign.project_id
"""
# Or the table cannot be altered in the transaction that filled the other.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
KEY = """
ALTER TABLE webapp_export RENAME COLUMN id TO job_id;
ALTER TABLE webapp_export ADD CONSTRAINT webapp_export_job_id_fk FOREIGN KEY (job_id)
    REFERENCES generation_job (id) DEFERRABLE INITIALLY DEFERRED;
"""
GONE = (
    "attempts",
    "claimed_by",
    "created_at",
    "created_by",
    "done",
    "epoch",
    "lease_until",
    "reason",
    "status",
    "total",
)


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0010_one_queue_for_every_kind_of_work"),
        ("webapp", "0009_owner_is_called_claimed_by"),
    ]

    operations = [
        migrations.RunSQL(JOBS),
        migrations.RunSQL(NOW),
        migrations.RemoveConstraint("export", "export_lease_only_while_running"),
        migrations.RemoveIndex("export", "export_claim"),
        migrations.RemoveIndex("export", "export_creative_created"),
        *(migrations.RemoveField("export", name) for name in GONE),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(KEY)],
            [
                migrations.RemoveField("export", "id"),
                migrations.AddField(
                    "export",
                    "job",
                    models.OneToOneField(
                        on_delete=CASCADE,
                        primary_key=True,
                        related_name="export",
                        serialize=False,
                        to="generation.job",
                        default=None,
                    ),
                    preserve_default=False,
                ),
            ],
        ),
    ]
