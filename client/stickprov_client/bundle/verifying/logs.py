"""A log anew from its leaves: chain, tree, the events that the bundle has, checkpoints, and those kept elsewhere.

What must not break: every position up to the checkpoint has its leaf, and every event that is there is the one whose
leaf stands at its position. An event without a place, or two in the wrong order, is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from stickprov_client.bundle.verifying.archive import Bundle
from stickprov_client.bundle.verifying.events import Event, read_event
from stickprov_client.bundle.verifying.notes import Note, TreeHead, VerifierKey
from stickprov_client.bundle.verifying.told import Different, Report, Sentence, log_name
from stickprov_client.bundle.verifying.tree import GENESIS, HASH_BYTES, GrowingTree, chain_hash
from stickprov_client.bundle.verifying.trust import check_signatures, log_keys, read_checkpoints

_AT_ONCE: Final = 4096 * HASH_BYTES

OTHER_LEAVES: Final = Sentence(
    "%(log)s has %(found)s leaves, and the bundle says that it has %(said)s events.",
    "%(log)s har %(found)s löv, och paketet säger att den har %(said)s händelser.",
)
NOT_ITS_LEAF: Final = Sentence(
    "The event at position %(position)s of %(log)s (%(name)s) is not the one whose hash stands there: its content or "
    "its envelope was altered, or it is from another place.",
    "Händelsen på position %(position)s i %(log)s (%(name)s) är inte den vars kontrollsumma står där: innehållet eller "
    "kuvertet är ändrat, eller så hör den hemma någon annanstans.",
)
OUT_OF_ORDER: Final = Sentence(
    "In %(log)s the event at position %(position)s stands after position %(before)s.",
    "I %(log)s står händelsen på position %(position)s efter position %(before)s.",
)
BEYOND: Final = Sentence(
    "An event of %(log)s claims position %(position)s, and the log has %(size)s.",
    "En händelse i %(log)s säger sig ha position %(position)s, och loggen har %(size)s.",
)
HOLE: Final = Sentence(
    "The bundle says that it has every event, and the one at position %(position)s of %(log)s is not there.",
    "Paketet säger sig ha varje händelse, och den på position %(position)s i %(log)s saknas.",
)
VERSION_HOLE: Final = Sentence(
    "Stream %(stream)s of %(log)s has version %(found)s at position %(position)s where version %(expected)s "
    "belongs: an "
    "event was left out, doubled or moved.",
    "Strömmen %(stream)s i %(log)s har version %(found)s på position %(position)s där version %(expected)s hör "
    "hemma: en "
    "händelse är utelämnad, dubblerad eller flyttad.",
)
OTHER_COUNT: Final = Sentence(
    "The bundle says that it has %(said)s events of %(log)s, and it has %(found)s.",
    "Paketet säger sig ha %(said)s händelser ur %(log)s, och det har %(found)s.",
)
OTHER_ROOT: Final = Sentence(
    "The leaves of %(log)s give another root at size %(size)s than its checkpoint: %(found)s, and %(said)s was "
    "signed. A "
    "leaf was altered, or the checkpoint is of another history.",
    "Löven i %(log)s ger en annan rot vid storleken %(size)s än kontrollpunkten: %(found)s, medan %(said)s är "
    "signerad. "
    "Ett löv är ändrat, eller så gäller kontrollpunkten en annan historia.",
)
KEPT_ROOT: Final = Sentence(
    "The log was rewritten: the checkpoint kept in %(file)s has root %(said)s at size %(size)s, and %(log)s in "
    "the bundle "
    "has %(found)s there.",
    "Loggen är omskriven: kontrollpunkten i %(file)s har roten %(said)s vid storleken %(size)s, och %(log)s i "
    "paketet har "
    "%(found)s där.",
)
KEPT_LATER: Final = Sentence(
    "The checkpoint kept in %(file)s is of %(size)s events, more than the bundle's %(own)s, so the two could not be "
    "compared.",
    "Kontrollpunkten i %(file)s gäller %(size)s händelser, fler än paketets %(own)s, så de två kunde inte jämföras.",
)
OTHER_CHAIN: Final = Sentence(
    "The chain of %(log)s at position %(position)s is %(found)s, and %(where)s says %(said)s.",
    "Kedjan i %(log)s vid position %(position)s är %(found)s, och %(where)s säger %(said)s.",
)
UNSIGNED: Final = Sentence(
    "No checkpoint of %(log)s is of all its %(size)s events, so nothing vouches for the last of them.",
    "Ingen kontrollpunkt för %(log)s gäller alla dess %(size)s händelser, så inget går i god för de sista.",
)
LEAVES_HOLD: Final = Sentence(
    "Each of %(events)s events of %(log)s is the one whose leaf stands at its position; %(size)s leaves give chain "
    "%(chain)s and root %(root)s.",
    "Var och en av %(events)s händelser ur %(log)s är den vars löv står på dess position; %(size)s löv ger kedjan "
    "%(chain)s och roten %(root)s.",
)
CHECKPOINTS_HOLD: Final = Sentence(
    "Checkpoints of %(log)s: %(count)s, signed as they should be, each with the root that the leaves give.",
    "Kontrollpunkter för %(log)s: %(count)s, signerade som de ska, var och en med den rot som löven ger.",
)
KEPT_HOLDS: Final = Sentence(
    "%(log)s continues the checkpoint of %(size)s events kept in %(file)s.",
    "%(log)s fortsätter på kontrollpunkten med %(size)s händelser i %(file)s.",
)
LEAVES_ONLY: Final = Sentence(
    "%(count)s of the %(size)s events of %(log)s are in the bundle as leaves only. That none of them concerns "
    "the period "
    "is what its maker says; a bundle made with --whole has them all.",
    "%(count)s av de %(size)s händelserna i %(log)s finns i paketet bara som löv. Att ingen av dem rör perioden är vad "
    "paketets upphovsman säger; ett paket som görs med --whole har alla.",
)


@dataclass
class KeptCheckpoint:
    """A checkpoint that an auditor kept."""

    file: str
    head: TreeHead
    note: Note


@dataclass
class Rebuilt:
    """A log that was read.

    Attributes:
        roots, chains: in hex, at the sizes and positions that were asked for.
        events: how many the bundle has.
    """

    size: int
    roots: dict[int, str]
    chains: dict[int, str]
    events: int
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What a log is compared with.

    Attributes:
        keys: given from outside. kept: of any log.
        chains: by position, the chain hash that something in the bundle says, with what says it.
    """

    keys: Sequence[VerifierKey]
    kept: Sequence[KeptCheckpoint]
    chains: Mapping[int, Sequence[tuple[str, str]]]


def check_log(bundle: Bundle, source: str, expected: Expected, report: Report, take: Callable[[Event], None]) -> None:
    """Check a log; ``take`` is given each event that the bundle has of it, in order.

    Raises:
        Different: the first thing that is wrong.
    """
    log, told = log_name(source), bundle.manifest["logs"][source]
    origin, size = told["origin"], told["size"]
    kept = [one for one in expected.kept if one.head.origin == origin]
    sizes = {head.size for head, _ in read_checkpoints(bundle, source, origin)} | {one.head.size for one in kept}
    rebuilt = _rebuilt(bundle, source, size, sizes | {size}, set(expected.chains), take)
    if rebuilt.events != told["events"]:
        raise Different(OTHER_COUNT, log=log, said=told["events"], found=rebuilt.events)
    for position, sayings in expected.chains.items():
        for where, said in sayings:
            found = rebuilt.chains.get(position)
            if found != said:
                raise Different(OTHER_CHAIN, log=log, position=position, found=found, where=where, said=said)
    report.holds(
        LEAVES_HOLD, events=rebuilt.events, log=log, size=size, chain=rebuilt.chains[size], root=rebuilt.roots[size]
    )
    if rebuilt.events < size:
        report.note(LEAVES_ONLY, count=size - rebuilt.events, size=size, log=log)
    keys = log_keys(bundle, source, origin, expected.keys, report)
    count = check_signatures(keys, read_checkpoints(bundle, source, origin), size, report)
    if size and size not in sizes:
        raise Different(UNSIGNED, log=log, size=size)
    for head, _ in read_checkpoints(bundle, source, origin):
        found = rebuilt.roots.get(head.size)
        if found != head.root.hex():
            raise Different(OTHER_ROOT, log=log, size=head.size, found=found, said=head.root.hex())
    report.holds(CHECKPOINTS_HOLD, count=count, log=log)
    for one in kept:
        keys.signer(one.head, one.note)
        _check_kept(one, rebuilt, log, report)


def _check_kept(kept: KeptCheckpoint, rebuilt: Rebuilt, log: Sentence, report: Report) -> None:
    size = kept.head.size
    if size > rebuilt.size:
        report.note(KEPT_LATER, file=kept.file, size=size, own=rebuilt.size)
        return
    found, said = rebuilt.roots[size], kept.head.root.hex()
    if found != said:
        raise Different(KEPT_ROOT, file=kept.file, size=size, said=said, found=found, log=log)
    report.holds(KEPT_HOLDS, log=log, size=size, file=kept.file)


def _rebuilt(
    bundle: Bundle, source: str, size: int, sizes: set[int], places: set[int], take: Callable[[Event], None]
) -> Rebuilt:
    log, whole = log_name(source), bool(bundle.manifest["whole"])
    tree, chain, position = GrowingTree(), GENESIS, 0
    found = Rebuilt(size, {0: tree.root().hex()} if 0 in sizes else {}, {0: chain.hex()}, 0)
    events = _events(bundle, source)
    event = next(events, None)
    for leaf in _leaves(bundle, source, size):
        position += 1
        tree.add(leaf)
        chain = chain_hash(chain, leaf)
        if position in sizes:
            found.roots[position] = tree.root().hex()
        if position in places or position == size:
            found.chains[position] = chain.hex()
        if event is None or event.position != position:
            if whole:
                raise Different(HOLE, position=position, log=log)
            continue
        _check_event(event, leaf, found.versions)
        take(event)
        found.events += 1
        event = next(events, None)
    if event is not None:
        raise Different(BEYOND, log=log, position=event.position, size=size)
    return found


def _check_event(event: Event, leaf: bytes, versions: dict[str, int]) -> None:
    log = log_name(event.source)
    if event.leaf != leaf:
        raise Different(NOT_ITS_LEAF, position=event.position, log=log, name=event.name)
    expected = versions.get(event.stream, 0) + 1
    if event.number != expected:
        raise Different(
            VERSION_HOLE,
            stream=event.stream,
            log=log,
            found=event.number,
            expected=expected,
            position=event.position,
        )
    versions[event.stream] = expected


def _events(bundle: Bundle, source: str) -> Iterator[Event]:
    before = 0
    for number, line in enumerate(bundle.lines(f"logs/{source}/events.jsonl"), start=1):
        event = read_event(source, line, number)
        if event.position <= before:
            raise Different(OUT_OF_ORDER, log=log_name(source), position=event.position, before=before)
        before = event.position
        yield event


def _leaves(bundle: Bundle, source: str, size: int) -> Iterator[bytes]:
    found = 0
    with bundle.open(f"logs/{source}/leaves.bin") as file:
        while packed := _filled(file.read(_AT_ONCE), file):
            found += len(packed) // HASH_BYTES
            if len(packed) % HASH_BYTES or found > size:
                break
            for start in range(0, len(packed), HASH_BYTES):
                yield packed[start : start + HASH_BYTES]
    if found != size or packed:
        raise Different(OTHER_LEAVES, log=log_name(source), found=found, said=size)


def _filled(packed: bytes, file: IO[bytes]) -> bytes:
    """Return a whole number of leaves where there is more to read."""
    while packed and len(packed) % HASH_BYTES and (more := file.read(HASH_BYTES - len(packed) % HASH_BYTES)):
        packed += more
    return packed
