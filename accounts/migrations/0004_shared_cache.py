from django.db import migrations

# As `createcachetable` makes it, but unlogged: what it holds (counts of attempts) may be lost in a crash.
CREATE = """
CREATE UNLOGGED TABLE shared_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX shared_cache_expires ON shared_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_in_order_of_keys")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE shared_cache")]
