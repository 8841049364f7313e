"""The reporting database's own steps, after the kernel's inbox. Reporting owns no facts, so it has no log."""

from importlib.resources import files
from typing import Final

from stickprov_kernel.database.migrations import INBOX, MigrationFolder

FOLDERS: Final = (INBOX, MigrationFolder("reporting", files(__name__)))
