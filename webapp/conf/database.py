"""How Django reaches PostgreSQL: the server named by a URL, or the embedded one of the data folder."""

import contextlib
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from webapp.postgres.server import EmbeddedPostgres

SCHEMES = ("postgres", "postgresql")
# A page waits this long for a connection before it says that the database is away.
POOL = {"min_size": 0, "max_size": 20, "timeout": 5}


def settings(url: str, data: Path, binaries: Path | None) -> dict[str, object]:
    """One entry of Django's DATABASES. Starts nothing."""
    where = _named(url) if url else EmbeddedPostgres(data, binaries).connection()
    options = {**where.pop("OPTIONS", {}), "pool": POOL, "connect_timeout": 5}
    engine = "django.db.backends.postgresql"
    return {"ENGINE": engine, "CONN_HEALTH_CHECKS": True, "OPTIONS": options, **where}


def at_hand() -> contextlib.AbstractContextManager[EmbeddedPostgres | None]:
    """The database within reach: the embedded server is started if need be, a named one is left alone."""
    from django.conf import settings

    if settings.DATABASE_URL:
        return contextlib.nullcontext()
    return EmbeddedPostgres(settings.DATA_DIR, settings.POSTGRES_BIN)


def _named(url: str) -> dict:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
