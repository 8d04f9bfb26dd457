"""Where the doorbell hangs: RabbitMQ, Redis, or files in the data folder.

Kombu's filesystem transport loses a message when its reader is killed; a doorbell may.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("amqp", "amqps", "redis", "rediss")
ANSWER_SECONDS = 2


def settings(url: str, folder: Path) -> dict[str, object]:
    """Celery's CELERY_BROKER_* settings for `url`, or for a transport of files in `folder`."""
    if not url:
        messages = str(folder / "messages")
        return {
            "CELERY_BROKER_URL": "filesystem://localhost//",
            "CELERY_BROKER_TRANSPORT": "webapp.conf.kombu_files:Transport",
            "CELERY_BROKER_TRANSPORT_OPTIONS": {
                "data_folder_in": messages,
                "data_folder_out": messages,
                "polling_interval": 0.1,
            },
        }
    if urlsplit(url).scheme not in SCHEMES:
        raise ImproperlyConfigured(f"CELERY_BROKER_URL must begin with one of {', '.join(SCHEMES)} and ://")
    options: dict[str, object] = {"max_retries": 1, "interval_start": 0.2}
    if urlsplit(url).scheme.startswith("redis"):
        # Redis clients wait for ever by default: a connection that went dead without a word would hold its
        # thread.
        options |= {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": 2.5 * ANSWER_SECONDS}
    return {
        "CELERY_BROKER_URL": url,
        "CELERY_BROKER_CONNECTION_TIMEOUT": ANSWER_SECONDS,
        "CELERY_BROKER_TRANSPORT_OPTIONS": options,
    }
