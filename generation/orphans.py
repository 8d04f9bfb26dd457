"""Files that no row names: what a worker stored for a job that it then lost."""

from generation import storage
from generation.models import Output


def remove() -> int:
    """Remove them once they are old enough that no row is about to name them. Returns how many."""
    return storage.sweep_orphans(
        set(Output.objects.exclude(file="").values_list("file", flat=True).iterator())
    )
