import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

django_application = get_asgi_application()

from django.conf import settings  # noqa: E402

from webapp.http.body_limit import bounded  # noqa: E402
from webapp.http.charset import utf8_only  # noqa: E402

application = utf8_only(bounded(django_application, settings.FILE_UPLOAD_MAX_MEMORY_SIZE))
