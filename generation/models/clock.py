from django.db.models import DateTimeField, Func


class DatabaseClock(Func):
    """The time by the database's clock at the moment of the write, whatever the worker's own clock says.

    Not CURRENT_TIMESTAMP, which is when the transaction began: a transaction may have waited for a lock
    since.
    """

    function = "clock_timestamp"
    output_field = DateTimeField()
