"""The settings as mypy's plugin for Django reads them, on any machine alike: `webapp.settings` by itself
takes what the environment says, and makes a secret in the data folder.
"""

import os

for name in list(os.environ):
    if name.startswith("HANDBILL_") or name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        del os.environ[name]
os.environ["HANDBILL_DATA"] = "/nonexistent/handbill"
os.environ["HANDBILL_SECRET_KEY"] = "signs nothing"

from webapp.settings import *  # noqa: E402, F403
