"""Who may read what."""

from typing import Final

from fastapi import Depends
from fastapi.params import Depends as Dependency

from stickprov_kernel.http.identity import require

READS_FIGURES: Final[Dependency] = Depends(require("coordinator", "board", "reviewer", "protected-reviewer", "auditor"))
"""Whoever works with a control or answers for it may read what was counted; cases only by pseudonym."""
