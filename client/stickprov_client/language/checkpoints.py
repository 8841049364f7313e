"""What checkpoints were made for, in words."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.checkpoints import CheckpointReason

_REASONS: Final[dict[CheckpointReason, str]] = {
    "interval": marked("the log had grown"),
    "period-closed": marked("a period was closed"),
    "asked": marked("somebody asked for it"),
}


def reason_name(reason: CheckpointReason, language: Language) -> str:
    """Return what a checkpoint was made for."""
    return texts(language).gettext(_REASONS[reason])
