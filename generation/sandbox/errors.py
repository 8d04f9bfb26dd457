class FileRefused(ValueError):
    """The file is refused, in a sentence for whoever sent it."""


class Exhausted(FileRefused):
    """Reading the file took more memory or time than any honest one does, or crashed the reader."""


class Busy(FileRefused):
    """All places were taken for as long as anybody would wait."""


class Broken(RuntimeError):
    """The sandbox cannot do its work on this machine."""
