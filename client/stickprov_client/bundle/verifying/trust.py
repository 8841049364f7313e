"""Whose signatures are believed: keys given from outside, those they handed over to, or else the bundle's own.

What must not break: a log's own keys are believed only when none was given for it, and then it is said. Its newest
checkpoint, which binds every event before it, must be signed by a key that is believed; so must every one since the
first such key was adopted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stickprov_client.bundle.verifying.archive import Bundle
from stickprov_client.bundle.verifying.notes import (
    Note,
    NoteError,
    TreeHead,
    VerifierKey,
    read_checkpoint,
    read_handover,
    read_key,
    read_note,
    signers,
    trusted_with,
)
from stickprov_client.bundle.verifying.told import Different, Report, Sentence, log_name

BAD_KEYS: Final = Sentence(
    "The keys of %(log)s cannot be read: %(why)s.", "Nycklarna till %(log)s går inte att läsa: %(why)s."
)
NO_KEY: Final = Sentence(
    "None of the given keys is for %(log)s, whose name is %(origin)s, and one of them is for a log that is not in the "
    "bundle: %(key)s.",
    "Ingen av de angivna nycklarna gäller %(log)s, som heter %(origin)s, och en av dem gäller en logg som inte finns i "
    "paketet: %(key)s.",
)
BAD_HANDOVER: Final = Sentence(
    "A handover between the keys of %(log)s does not hold: %(why)s.",
    "En överlämning mellan nycklarna till %(log)s håller inte: %(why)s.",
)
UNTRUSTED_KEY: Final = Sentence(
    "The checkpoint of %(log)s at size %(size)s is signed by %(signer)s, which is neither a given key nor one that a "
    "given key handed over to.",
    "Kontrollpunkten för %(log)s vid storleken %(size)s är signerad av %(signer)s, som varken är en angiven "
    "nyckel eller "
    "en som en angiven nyckel har lämnat över till.",
)
UNKNOWN_KEY: Final = Sentence(
    "The checkpoint of %(log)s at size %(size)s is signed by %(signer)s, which is none of the log's keys.",
    "Kontrollpunkten för %(log)s vid storleken %(size)s är signerad av %(signer)s, som inte är någon av loggens "
    "nycklar.",
)
FALSE_SIGNATURE: Final = Sentence(
    "The signature of the checkpoint of %(log)s at size %(size)s is false: %(signer)s did not sign this text.",
    "Signaturen på kontrollpunkten för %(log)s vid storleken %(size)s är falsk: %(signer)s har inte signerat den "
    "texten.",
)
NO_CHECKPOINT: Final = Sentence(
    "Checkpoint %(number)s of %(log)s cannot be read as a checkpoint: %(why)s.",
    "Kontrollpunkt %(number)s för %(log)s går inte att läsa som en kontrollpunkt: %(why)s.",
)
ANOTHER_LOG: Final = Sentence(
    "Checkpoint %(number)s of %(log)s is of another log: %(origin)s.",
    "Kontrollpunkt %(number)s för %(log)s gäller en annan logg: %(origin)s.",
)
OWN_KEYS: Final = Sentence(
    "No key was given for %(log)s, so the bundle's own keys were believed (newest: %(key)s). Compare it with one that "
    "you have from elsewhere, and give it with --key.",
    "Ingen nyckel angavs för %(log)s, så paketets egna nycklar har godtagits (den nyaste: %(key)s). Jämför den med en "
    "som du har fått på annat håll, och ange den med --key.",
)
EARLIER_KEYS: Final = Sentence(
    "Checkpoints of %(log)s that are signed by keys from before the given one, for which nobody vouches: "
    "%(count)s. Their signatures hold.",
    "Kontrollpunkter för %(log)s som är signerade med nycklar från tiden före den angivna, som ingen går i god "
    "för: %(count)s. Signaturerna håller.",
)
RETIRED_KEY: Final = Sentence(
    "Checkpoints of %(log)s signed by a key that had handed over to another one before: %(count)s, the first of "
    "them at "
    "size %(size)s.",
    "Kontrollpunkter för %(log)s signerade av en nyckel som redan hade lämnat över till en annan: %(count)s, den "
    "första "
    "av dem vid storleken %(size)s.",
)
NO_HANDOVER: Final = Sentence(
    "Key %(key)s of %(log)s was adopted without a handover from the key before it.",
    "Nyckeln %(key)s till %(log)s togs i bruk utan överlämning från nyckeln före.",
)


@dataclass(frozen=True)
class LogKeys:
    """The keys of a log, in the order of their adoption.

    Attributes:
        known: all that the bundle tells of. believed: those that are, directly or by handovers.
        given: whether any was given from outside.
        retired: the size of the log at which a key handed over.
    """

    source: str
    known: Sequence[VerifierKey]
    believed: Sequence[VerifierKey]
    given: bool
    retired: Mapping[VerifierKey, int]

    def signer(self, head: TreeHead, note: Note) -> VerifierKey:
        """Return the log's key that signed a checkpoint; a believed one if one did.

        Raises:
            Different: none did, or a signature under the name of one is false.
        """
        values = {"log": log_name(self.source), "size": head.size}
        mine = {(key.name, key.key_id): key for key in (*self.believed, *self.known)}
        found: VerifierKey | None = None
        for one in note.signatures:
            key = mine.get((one.name, one.key_id))
            if key is None or key.name != head.origin:
                continue
            if not key.signed(note.text, one.signature):
                raise Different(FALSE_SIGNATURE, signer=key.text, **values)
            if found is None or key in self.believed:
                found = key
        if found is None:
            names = ", ".join(f"{one.name} ({one.key_id.hex()})" for one in note.signatures)
            raise Different(UNKNOWN_KEY, signer=names, **values)
        return found

    def is_from_before(self, key: VerifierKey) -> bool:
        """Tell whether a key was adopted before every believed one."""
        first = min((place for place, one in enumerate(self.known) if one in self.believed), default=0)
        return key in self.known and list(self.known).index(key) < first


def log_keys(bundle: Bundle, source: str, origin: str, given: Sequence[VerifierKey], report: Report) -> LogKeys:
    """Read a log's keys and settle which of them are believed.

    Raises:
        Different: they cannot be read, a handover is false, or none of the given ones is for this log while one is for
            no log of the bundle: then a log was given another name.
    """
    log = log_name(source)
    try:
        told: list[Mapping[str, Any]] = json.loads(bundle.read(f"logs/{source}/keys.json"))
        known = [read_key(one["verifier_key"]) for one in told]
        handovers = [None if one["handover"] is None else read_note(one["handover"].encode()) for one in told]
    except (NoteError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Different(BAD_KEYS, log=log, why=error) from None
    mine = [key for key in given if key.name == origin]
    names = {one["origin"] for one in bundle.manifest["logs"].values()}
    if not mine and (strange := [key for key in given if key.name not in names]):
        raise Different(NO_KEY, log=log, origin=origin, key=strange[0].text)
    try:
        retired = _retired(known, handovers)
        believed = trusted_with(mine or known[:1], [note for note in handovers if note is not None])
    except NoteError as error:
        raise Different(BAD_HANDOVER, log=log, why=error) from None
    for key, note in list(zip(known, handovers, strict=True))[1:]:
        if note is None:
            report.note(NO_HANDOVER, key=key.text, log=log)
    if not mine:
        report.note(OWN_KEYS, log=log, key=known[-1].text if known else None)
        believed = list(dict.fromkeys([*believed, *known]))
    return LogKeys(source, known, believed, given=bool(mine), retired=retired)


def _retired(known: Sequence[VerifierKey], handovers: Sequence[Note | None]) -> dict[VerifierKey, int]:
    """Return at which size each key handed over to the next.

    Raises:
        NoteError: a handover names another key, or is not signed by both.
    """
    found = {}
    for before, key, note in zip(known, known[1:], handovers[1:], strict=False):
        if note is None:
            continue
        handover = read_handover(note)
        if handover.key != key:
            raise NoteError(f"it names {handover.key.text}, and {key.text} is next")
        signers(note, [before])
        signers(note, [key])
        found[before] = handover.size
    return found


def read_checkpoints(bundle: Bundle, source: str, origin: str) -> Iterator[tuple[TreeHead, Note]]:
    """Yield a log's checkpoints as the bundle has them; nothing of them is believed yet.

    Raises:
        Different: one is no signed note, or of another log.
    """
    log = log_name(source)
    for number, line in enumerate(bundle.lines(f"logs/{source}/checkpoints.jsonl"), start=1):
        try:
            note = read_note(json.loads(line)["note"].encode())
            head = read_checkpoint(note)
        except (NoteError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Different(NO_CHECKPOINT, number=number, log=log, why=error) from None
        if head.origin != origin:
            raise Different(ANOTHER_LOG, number=number, log=log, origin=head.origin)
        yield head, note


def check_signatures(keys: LogKeys, checkpoints: Iterable[tuple[TreeHead, Note]], size: int, report: Report) -> int:
    """Check who signed each checkpoint, and return how many there are.

    Args:
        keys: of the log.
        checkpoints: of the log.
        size: how many events the bundle's log has; its checkpoint must be by a believed key.
        report: is told of keys from before the given ones.

    Raises:
        Different: names the first that is not signed as it should be.
    """
    count = earlier = 0
    late: list[int] = []
    for head, note in checkpoints:
        key = keys.signer(head, note)
        count += 1
        if head.size > keys.retired.get(key, head.size):
            late.append(head.size)
        if key in keys.believed:
            continue
        if head.size == size or not keys.is_from_before(key):
            raise Different(UNTRUSTED_KEY, log=log_name(keys.source), size=head.size, signer=key.text)
        earlier += 1
    if earlier:
        report.note(EARLIER_KEYS, count=earlier, log=log_name(keys.source))
    if late:
        report.note(RETIRED_KEY, count=len(late), log=log_name(keys.source), size=late[0])
    return count
