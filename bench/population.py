"""Businesses, their projects, campaigns, jobs and pictures, by the million: rows as the product writes them.

Every business asks at the same pace, so that more jobs are a longer history. The newest 5 % of all wait.
Twenty jobs of two pictures are a campaign; a business has a dozen projects, whatever its age.
"""

from __future__ import annotations

from django.db import connection

JOBS_A_DAY = 100
JOBS_A_CAMPAIGN = 20
PICTURES = 2
PROJECTS = 12
WAITING = 0.05
EMPTIED = (
    "webapp_brief, webapp_campaign, webapp_project, generation_output, generation_job, generation_queuetag,"
    " generation_modelversion, accounts_usageentry, accounts_auditevent, accounts_reservation,"
    " accounts_membership, accounts_business, accounts_user"
)

# Job n (from 1, the newest last) is the own-th of business n % businesses + 1.
JOBS = """
CREATE TEMPORARY TABLE made AS
SELECT n, n %% %(businesses)s + 1 AS business, (n - 1) / %(businesses)s AS own,
       md5('job' || n)::uuid AS id, n > %(jobs)s * (1 - %(waiting)s) AS waits,
       now() - (%(jobs)s - n) / %(businesses)s * interval '1 day' / %(a_day)s AS at
FROM generate_series(1, %(jobs)s) AS n
"""

STEPS = (
    """
    INSERT INTO accounts_business (id, name, slug, locale, currency, daily_pictures, weight, created_at)
    SELECT n, 'Business ' || n, 'business-' || n, 'en-GB', 'GBP', 200, 1, now()
    FROM generate_series(1, %(businesses)s) AS n
    """,
    """
    INSERT INTO accounts_user (id, password, is_superuser, email, name, is_operator, is_active)
    SELECT n, '', false, 'person-' || n || '@example.com', 'Person ' || n, false, true
    FROM generate_series(1, %(businesses)s * 3) AS n
    """,
    """
    INSERT INTO accounts_membership (business_id, user_id, role, created_at)
    SELECT (n - 1) / 3 + 1, n, CASE n %% 3 WHEN 1 THEN 'owner' ELSE 'editor' END, now()
    FROM generate_series(1, %(businesses)s * 3) AS n
    """,
    """
    INSERT INTO webapp_project (id, business_id, name, created_by_id, created_at)
    SELECT md5('project' || business || '-' || n)::uuid, business, 'Project ' || n, business * 3 - 2, now()
    FROM generate_series(1, %(businesses)s) AS business, generate_series(0, %(projects)s - 1) AS n
    """,
    JOBS,
    """
    INSERT INTO webapp_campaign (id, project_id, name, slug, created_by_id, created_at)
    SELECT md5('campaign' || business || '-' || own / %(a_campaign)s)::uuid,
           md5('project' || business || '-' || own / %(a_campaign)s %% %(projects)s)::uuid,
           'Campaign ' || own / %(a_campaign)s, 'campaign-' || own / %(a_campaign)s, business * 3 - 2, at
    FROM made WHERE own %% %(a_campaign)s = 0
    """,
    """
    INSERT INTO generation_job (id, business_id, created_by_id, kind, queue, model_id, key, request, status,
        attempts, reason_code, reason, progress, progress_total, cost, start_tag, finish_tag, epoch,
        claimed_by, gpu_seconds, created_at, started_at, finished_at)
    SELECT id, business, business * 3 - 2, 'pictures', 'gpu', 1, 'key-' || n,
           '{"prompt": "a cup of coffee on a wooden table, morning light", "negative_prompt": "",
             "width": 512, "height": 512, "steps": 12, "guidance": 2.0}',
           CASE WHEN waits THEN 'queued' ELSE 'done' END, CASE WHEN waits THEN 0 ELSE 1 END, '', '',
           CASE WHEN waits THEN 0 ELSE 24 END, 24, 6.0,
           n, n + 6, CASE WHEN waits THEN 0 ELSE 1 END, '', CASE WHEN waits THEN 0 ELSE 2 END, at,
           CASE WHEN NOT waits THEN at END, CASE WHEN NOT waits THEN at + interval '2 seconds' END
    FROM made
    """,
    """
    INSERT INTO generation_output (id, job_id, index, seed, width, height, step, steps, file, thumbnail,
        sha256, bytes, generation_record, kept_at)
    SELECT md5('output' || n || '-' || i)::uuid, id, i, n * 2 + i, 512, 512,
           CASE WHEN waits THEN 0 ELSE 12 END, 12, CASE WHEN waits THEN '' ELSE md5('file' || n || i) END,
           CASE WHEN waits THEN '' ELSE md5('small' || n || i) END, '',
           CASE WHEN waits THEN 0 ELSE 100000 END, '{}', CASE WHEN NOT waits AND n %% 10 = 0 THEN at END
    FROM made, generate_series(0, %(pictures)s - 1) AS i
    """,
    """
    INSERT INTO webapp_brief (campaign_id, job_id, subject, mood, colours, room, shape, created_at)
    SELECT md5('campaign' || business || '-' || own / %(a_campaign)s)::uuid, id, 'a cup of coffee', '', '',
           'none', 'square', at
    FROM made
    """,
    """
    INSERT INTO accounts_usageentry (business_id, user_id, job_id, model, outcome, pictures, gpu_seconds, day,
        at)
    SELECT business, business * 3 - 2, id, 'starter', 'done', %(pictures)s, 2, at::date, at
    FROM made WHERE NOT waits
    """,
    """
    INSERT INTO accounts_reservation (business_id, job_id, pictures, created_at)
    SELECT business, id, %(pictures)s, at FROM made WHERE waits
    """,
    """
    INSERT INTO accounts_auditevent (at, business_id, actor_id, verb, subject_type, subject_id, detail)
    SELECT at, business, business * 3 - own %% 3, verb, 'job', id, '{"pictures": 2}'
    FROM made, unnest(ARRAY['job.submitted', 'job.finished']) AS verb
    WHERE verb = 'job.submitted' OR NOT waits
    ORDER BY n
    """,
    "INSERT INTO generation_queuetag (business_id, queue, last_tag)"
    " SELECT id, 'gpu', %(jobs)s + 6 FROM accounts_business",
    "DROP TABLE made",
)


def populate(jobs: int, businesses: int) -> None:
    """Replace all that there is by `jobs` jobs of `businesses` businesses, and let PostgreSQL look at it."""
    values = {
        "jobs": jobs,
        "businesses": businesses,
        "waiting": WAITING,
        "a_day": JOBS_A_DAY,
        "a_campaign": JOBS_A_CAMPAIGN,
        "pictures": PICTURES,
        "projects": PROJECTS,
    }
    _empty()
    _model()
    with connection.cursor() as cursor:
        for statement in STEPS:
            cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER audit_no_truncate")
        cursor.execute(f"TRUNCATE {EMPTIED} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER audit_no_truncate")


def _model() -> None:
    from generation.models import ModelVersion

    ModelVersion.objects.create(
        pk=1, name="starter", hash="0" * 64, folder="models/starter", pipeline_class="StarterPipeline"
    )
