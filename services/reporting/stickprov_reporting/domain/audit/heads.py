"""Which of a source's checkpoints can be believed.

What must not break: a checkpoint counts by what its signed note says and by nothing beside it; and where keys were
given from outside, no other key vouches for anything unless one of them handed over to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stickprov_contracts.http.checkpoints import Checkpoint, CheckpointKey
from stickprov_kernel.log.checkpoint_note import TreeHead, trusted_head, trusted_with
from stickprov_kernel.log.notes import NoteError, VerifierKey, read_key, read_note


@dataclass(frozen=True, slots=True)
class TrustedHeads:
    """What a source's checkpoints say.

    Attributes:
        keys: where the keys are from that vouch for them; None where there are no checkpoints.
        heads: size and root of those that a trusted key signed. refused: what is wrong with others, in words.
    """

    keys: Literal["configured", "source"] | None
    heads: Sequence[TreeHead]
    refused: Sequence[str]


def trusted_heads(
    keys: Sequence[CheckpointKey], checkpoints: Iterable[Checkpoint], configured: Sequence[VerifierKey] | None
) -> TrustedHeads:
    """Return which checkpoints of a source can be believed.

    Args:
        keys: those that the source says sign, or signed, in the order of their adoption.
        checkpoints: the source's.
        configured: keys given from outside; None where none are, and the source's own are taken.
    """
    told = list(checkpoints)
    refused: list[str] = []
    trusted = _trusted(keys, configured, refused)
    heads = []
    for checkpoint in told:
        try:
            head = trusted_head(read_note(checkpoint.note.encode()), trusted)
        except NoteError as error:
            refused.append(f"the checkpoint of {checkpoint.size} events: {error}")
        else:
            heads.append(head)
    if not told:
        return TrustedHeads(None, [], refused)
    return TrustedHeads("source" if configured is None else "configured", heads, refused)


def _trusted(
    keys: Sequence[CheckpointKey], configured: Sequence[VerifierKey] | None, refused: list[str]
) -> list[VerifierKey]:
    try:
        if configured is None:
            return [read_key(key.verifier_key) for key in keys]
        return trusted_with(configured, [read_note(key.handover.encode()) for key in keys if key.handover is not None])
    except NoteError as error:
        refused.append(f"the keys of the checkpoints: {error}")
        return list(configured or ())
