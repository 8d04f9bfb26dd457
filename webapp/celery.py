"""The Celery app: a doorbell. Its messages carry no job, its results are nobody's business."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

app = Celery("handbill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["generation"])
# Not of this thread only: requests are served in others.
app.set_default()
