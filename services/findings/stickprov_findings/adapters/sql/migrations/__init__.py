"""The findings database's own steps, after the kernel's log and inbox."""

from importlib.resources import files
from typing import Final

from stickprov_kernel.database.migrations import INBOX, LOG, MigrationFolder

FOLDERS: Final = (LOG, INBOX, MigrationFolder("findings", files(__name__)))
