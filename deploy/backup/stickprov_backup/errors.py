"""Why a backup was not made, is not believed or was not restored.

The message says what to do; the class, the exit code.
"""

from typing import ClassVar


class BackupError(Exception):
    """Something failed on the way, or a backup is not what it was."""

    exit_code: ClassVar[int] = 1


class BackupRefusedError(BackupError):
    """What was asked for is wrong: a folder that is not empty, a setting that is missing, keys beside their backup."""

    exit_code = 2
