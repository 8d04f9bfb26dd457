from django.apps import AppConfig


class WebappConfig(AppConfig):
    name = "webapp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Whoever queues a job rings: the doorbell's app must exist in every process.
        from generation import jobs

        from . import celery  # noqa: F401
        from .conf import checks  # noqa: F401
        from .creatives.export_kind import Exports

        jobs.register(Exports())
