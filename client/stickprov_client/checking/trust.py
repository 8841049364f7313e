"""Whose signatures are believed about a log: keys that the caller gives, or else those that the service tells of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stickprov_client.api import Services
from stickprov_client.bundle.verifying.notes import (
    Note,
    NoteError,
    TreeHead,
    VerifierKey,
    read_key,
    read_note,
    trusted_head,
    trusted_with,
)
from stickprov_contracts.http.checkpoints import Checkpoints
from stickprov_contracts.topics import SOURCES, Source


class NotProvedError(Exception):
    """Something is not as it was, or not as it was said; the message says what."""


@dataclass(frozen=True)
class Trust:
    """The keys that are believed, and who vouches for them: the caller, or only the service itself."""

    keys: Sequence[VerifierKey]
    vouched: Literal["given", "service"]

    def head(self, note: Note) -> TreeHead:
        """Return what a checkpoint says, if it is believed.

        Raises:
            NotProvedError: it is no checkpoint, or none of the keys signed it.
        """
        try:
            return trusted_head(note, self.keys)
        except NoteError as error:
            raise NotProvedError(sentence(error)) from None


def trust_in(given: Sequence[VerifierKey], told: Checkpoints | None) -> Trust:
    """Return whom to believe about a log.

    Args:
        given: by the caller; the keys that they handed over to are believed too.
        told: what the log's service tells of its keys, where it can be asked.

    Raises:
        NotProvedError: the keys that the service tells of are not in order.
    """
    known = told.keys if told is not None else []
    try:
        if not given:
            return Trust([read_key(key.verifier_key) for key in known], "service")
        handovers = [read_note(key.handover.encode()) for key in known if key.handover is not None]
        return Trust(trusted_with(given, handovers), "given")
    except NoteError as error:
        raise NotProvedError(sentence(error)) from None


async def log_of(services: Services, origin: str) -> tuple[Source, Checkpoints]:
    """Return which service has the log of an origin, with its keys.

    Raises:
        NotProvedError: none of the services has.
    """
    for source in SOURCES:
        told = await services.own_log(source).checkpoints(limit=1)
        if told.origin == origin:
            return source, told
    raise NotProvedError(f"No service here has a log named “{origin}”.")


def sentence(error: ValueError) -> str:
    """Return what a note or a proof lacks as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
