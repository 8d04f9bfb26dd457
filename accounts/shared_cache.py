"""What all web processes count together, in one table of the database: attempts, until their time is over.

Django's own database cache deletes live rows once it holds MAX_ENTRIES of them, so that whoever makes enough
keys sets everybody's counts back to nothing. Here only time ends a row. Each call is one statement, on the
database's clock, and a value is JSON: whoever can write the table cannot run code in the web process.
"""

import json

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.db.backends.utils import CursorWrapper

WRITE = """
INSERT INTO shared_cache AS kept (cache_key, value, expires)
VALUES (%s, %s, coalesce(clock_timestamp() + %s::float8 * interval '1 second', 'infinity'))
ON CONFLICT (cache_key) DO UPDATE
"""
SET = WRITE + "SET value = excluded.value, expires = excluded.expires"
ADD = SET + " WHERE kept.expires <= clock_timestamp()"
COUNT = (
    WRITE
    + """
SET value = CASE WHEN kept.expires > clock_timestamp() THEN (kept.value::bigint + 1)::text ELSE '1' END,
    expires = CASE WHEN kept.expires > clock_timestamp() THEN kept.expires ELSE excluded.expires END
RETURNING value
"""
)
GET = "SELECT value FROM shared_cache WHERE cache_key = %s AND expires > clock_timestamp()"
DELETE = "DELETE FROM shared_cache WHERE cache_key = %s AND expires > clock_timestamp()"
SWEEP = "DELETE FROM shared_cache WHERE expires <= clock_timestamp()"


class SharedCache(BaseCache):
    """A Django cache of JSON values that never gives up a row before its time."""

    def __init__(self, location: str, params: dict) -> None:
        super().__init__(params)

    def get(self, key, default=None, version=None):
        row = self._run(GET, self._name(key, version)).fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> None:
        self._run(SET, self._name(key, version), json.dumps(value), self._seconds(timeout))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        written = self._run(ADD, self._name(key, version), json.dumps(value), self._seconds(timeout))
        return written.rowcount == 1

    def delete(self, key, version=None) -> bool:
        return self._run(DELETE, self._name(key, version)).rowcount == 1

    def clear(self) -> None:
        self._run("DELETE FROM shared_cache")

    def count(self, key: str, timeout: float) -> int:
        """The how manieth time this is within `timeout` seconds of the first: two at once count as two."""
        return int(self._run(COUNT, self._name(key), "1", timeout).fetchone()[0])

    def sweep(self) -> int:
        """Delete the rows whose time is over, and say how many they were."""
        return self._run(SWEEP).rowcount

    def _name(self, key: str, version: int | None = None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _seconds(self, timeout) -> float | None:
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout

    def _run(self, statement: str, *values: str | float | None) -> CursorWrapper:
        cursor = connection.cursor()
        cursor.execute(statement, values)
        return cursor


def shared() -> SharedCache:
    """The cache of this site, with what Django's own have not."""
    cache = caches["default"]
    assert isinstance(cache, SharedCache), "settings.CACHES names it"
    return cache
