"""A frame's name is taken once: its id is made from the name, so the stream's version is the guard against a second."""

from unicodedata import normalize
from uuid import UUID, uuid5

_FRAME_NAMES = UUID("5d1c7f0e-6f0b-4c1b-9a39-0d6a4c1e7b52")


def normalised(frame_name: str) -> str:
    """Return the form in which two names are the same: compatibility characters, case and runs of space aside."""
    return " ".join(normalize("NFKC", frame_name).casefold().split())


def frame_id(frame_name: str) -> UUID:
    """Return the id of the frame with this name (UUIDv5)."""
    return uuid5(_FRAME_NAMES, normalised(frame_name))
