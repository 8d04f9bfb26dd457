import django.db.models.deletion
from django.db import migrations, models

QUEUES = [("gpu", "Drawing"), ("cpu", "Files"), ("train", "Training")]
QUEUED = models.Q(status="queued")

# What there was until now is pictures, and is drawn.
PROGRESS = """
UPDATE generation_job AS job SET progress_total = GREATEST(sums.steps, 1), progress = sums.step
FROM (
    SELECT job_id, sum(steps) AS steps, sum(step) AS step FROM generation_output
    WHERE cancelled_at IS NULL GROUP BY job_id
) AS sums
WHERE sums.job_id = job.id
"""
TAGS = """
INSERT INTO generation_queuetag (business_id, queue, last_tag)
SELECT business_id, 'gpu', last_tag FROM generation_formertag
"""
CLOCK = """
INSERT INTO generation_virtualclock (queue, virtual_time)
SELECT 'gpu', max(virtual_time) FROM generation_formerclock HAVING count(*) > 0
"""
# Or the tables cannot be altered in the transaction that filled them.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_operator_and_notices"),
        ("generation", "0009_fair_queue_by_its_terms"),
    ]

    operations = [
        migrations.AddField(
            "job",
            "kind",
            models.CharField(
                default="pictures", help_text="As in `jobs.kinds`: what code does it.", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "job",
            "queue",
            models.CharField(choices=QUEUES, default="gpu", max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            "job",
            "progress",
            models.PositiveIntegerField(default=0, help_text="Parts of the work that are done."),
        ),
        migrations.AddField("job", "progress_total", models.PositiveIntegerField(default=1)),
        migrations.AlterField(
            "job",
            "model",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to="generation.modelversion",
                help_text="What a worker must be able to load; none: any worker of the queue will do.",
            ),
        ),
        migrations.AlterField(
            "job",
            "reason",
            models.TextField(blank=True, help_text="Why it failed, for the person who asked."),
        ),
        migrations.AlterField(
            "job",
            "request",
            models.JSONField(default=dict, help_text="Frozen at submission; its form is its kind's."),
        ),
        migrations.AlterField(
            "job",
            "cost",
            models.FloatField(
                help_text="Work asked for, in a unit of the queue: megapixel steps on gpu, files on cpu."
            ),
        ),
        migrations.RunSQL(PROGRESS),
        migrations.RemoveIndex("job", "job_claim"),
        migrations.RemoveIndex("job", "job_claim_of_model"),
        migrations.RemoveIndex("job", "job_pace"),
        migrations.AddIndex(
            "job",
            models.Index(fields=["queue", "finish_tag", "created_at"], name="job_queue", condition=QUEUED),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["queue", "model", "finish_tag", "created_at"],
                name="job_claim_of_model",
                condition=QUEUED,
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["queue", "finish_tag", "created_at"],
                name="job_claim_of_no_model",
                condition=models.Q(status="queued", model=None),
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["kind", "model", "-finished_at"],
                name="job_pace",
                condition=models.Q(status="done"),
            ),
        ),
        migrations.AddConstraint(
            "job",
            models.CheckConstraint(
                condition=models.Q(queue__in=["gpu", "cpu", "train"]), name="job_queue_known"
            ),
        ),
        migrations.AddField(
            "workerheartbeat",
            "queue",
            models.CharField(choices=QUEUES, default="gpu", max_length=5),
            preserve_default=False,
        ),
        migrations.AlterField(
            "workerheartbeat",
            "device",
            models.CharField(help_text="What it works on, for people.", max_length=80),
        ),
        # A primary key cannot be altered into another: the rows move.
        migrations.RenameModel("QueueTag", "FormerTag"),
        migrations.RenameModel("VirtualClock", "FormerClock"),
        migrations.CreateModel(
            "QueueTag",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                ("queue", models.CharField(choices=QUEUES, max_length=5)),
                ("last_tag", models.FloatField(default=0.0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["business", "queue"], name="queue_tag_once")
                ]
            },
        ),
        migrations.CreateModel(
            "VirtualClock",
            [
                (
                    "queue",
                    models.CharField(choices=QUEUES, max_length=5, primary_key=True, serialize=False),
                ),
                ("virtual_time", models.FloatField(default=0.0)),
            ],
        ),
        migrations.RunSQL(TAGS),
        migrations.RunSQL(CLOCK),
        migrations.RunSQL(NOW),
        migrations.DeleteModel("FormerTag"),
        migrations.DeleteModel("FormerClock"),
    ]
