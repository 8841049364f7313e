"""The runtime's lock file: every package that an installation may hold, and what its own metadata say of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from cyclonedx.spdx import fixup_id, is_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[3]
LOCK: Final = ROOT / "requirements.lock"
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))? ?\\?$")
_CLASSIFIER: Final = "License :: OSI Approved :: "

# What a classifier or a free text means by SPDX's names (https://spdx.org/licenses/).
_SPDX: Final[Mapping[str, str]] = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT-CMU": "MIT-CMU",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Said nowhere in a package's metadata here: it is for another system than this one, or says it in a file alone.
_SAID_ELSEWHERE: Final[Mapping[str, str]] = {"colorama": "BSD-3-Clause"}


@dataclass(frozen=True, slots=True)
class Locked:
    """A line of the lock file.

    Attributes:
        marker: which systems it is for; None for all.
    """

    name: str
    version: str
    marker: str | None

    @property
    def licence(self) -> str | None:
        """SPDX id or expression; None where the package does not say."""
        found = installed(self.name)
        return (found and _licence_of(found)) or _SAID_ELSEWHERE.get(self.name)

    @property
    def needs(self) -> frozenset[str]:
        """Names of what the package asks for on some system, without extras."""
        found = installed(self.name)
        wanted = [Requirement(text) for text in (found.requires if found else None) or ()]
        return frozenset(
            canonicalize_name(one.name) for one in wanted if one.marker is None or "extra" not in str(one.marker)
        )


def locked(lock: Path = LOCK) -> Iterator[Locked]:
    """Return the packages of a lock file.

    Raises:
        ValueError: a package has no hash, or no exact version.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if not line or line.startswith((" ", "#")):
            continue
        found = _PINNED.match(line)
        hashed = number + 1 < len(lines) and lines[number + 1].lstrip().startswith("--hash=sha256:")
        if found is None or not hashed:
            raise ValueError(f"{lock.name}, line {number + 1}: no exact version with a hash")
        yield Locked(canonicalize_name(found[1]), found[2], found[3])


def installed(name: str) -> Distribution | None:
    """Return a package's metadata, if it is installed here."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _licence_of(found: Distribution) -> str | None:
    expression = found.metadata.get("License-Expression")
    if expression:
        return expression
    classifiers = found.metadata.get_all("Classifier") or []
    said = [text.removeprefix(_CLASSIFIER) for text in classifiers if text.startswith(_CLASSIFIER)]
    said += [text for text in [found.metadata.get("License", "")] if text and "\n" not in text]
    for text in said:
        spdx = _SPDX.get(text) or fixup_id(text) or (text if is_expression(text) else None)
        if spdx:
            return spdx
    return None
