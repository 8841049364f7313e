"""The drawing rule ``ticket-sha256-v1``, in plain Python: which units of a listing a seed selects, by every design.

``ticket = SHA-256(seed || "|" || case)`` in hex; tickets are compared as text. What must not break: every design gives
the units that the sampler's statement gives, in its order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from heapq import nsmallest
from typing import Any, Final, NamedTuple

from stickprov_client.bundle.verifying.draw_log import BETWEEN, MONTH, Fields, Wanted, part_of
from stickprov_client.bundle.verifying.listing import Listing, Unit

_BITS: Final = 52
_HEX: Final = _BITS // 4
_START_HEX: Final = 15
_MILLIONTHS: Final = 10**6
_MOST_EXACT: Final = 2**53
_SPARE_ROOM: Final = 1000
"""Units that are kept of a part beside twice as many as are drawn, before the larger tickets go."""

Key = tuple[Any, ...]


class Selected(NamedTuple):
    """A unit that the rule selects; ``order`` is its place in its part, ``chance`` its own where it has one."""

    unit: Unit
    stratum: str
    part: str
    order: int
    chance: float | None


class Shares(NamedTuple):
    """How n cases are shared out by size (Rosén 1997).

    Attributes:
        certain_from: least size of those taken for sure. n: how many more are drawn. total: the sizes of the others.
    """

    certain_from: Decimal | None
    n: int
    total: Decimal


def ticket_of(seed: str, case: str) -> str:
    """Return a unit's ticket."""
    return sha256(f"{seed}|{case}".encode()).hexdigest()


def start_of(seed: str, interval: int) -> int:
    """Return the first place of a systematic draw, from 1: 60 bits of ``SHA-256(seed || "|start")``."""
    return int(sha256(f"{seed}|start".encode()).hexdigest()[:_START_HEX], 16) % interval + 1


def stratum_in(listing: Listing, by: Sequence[str]) -> Callable[[Unit], str]:
    """Return what tells a unit's stratum in a draw: the frame's, or the values of the draw's own columns."""
    beside = [column for column in by if column != MONTH]
    if not beside or beside == ["stratum"]:
        return lambda unit: unit.stratum
    places = [listing.names.index(column) for column in beside]
    return lambda unit: BETWEEN.join(unit.cells[place] or "" for place in places)


def select(listing: Listing, sample: Fields, wanted: Wanted, seed: str) -> list[Selected]:
    """Return the selected units: part by part in the order of their names, in each in the order of the draw."""
    design = sample["design"]
    stratum, by = stratum_in(listing, sample["stratified_by"]), sample["stratified_by"]
    if design == "systematic":
        chosen = _systematic(listing, sample, wanted.taken(""), seed)
        return [Selected(unit, stratum(unit), "", order, None) for order, unit in enumerate(chosen, start=1)]
    if design == "pps":
        sized = _by_size(listing, sample, wanted, seed)
        return [Selected(unit, stratum(unit), "", order, chance) for order, (unit, chance) in enumerate(sized, start=1)]
    shift = sample.get("shift") or ""
    found: list[Selected] = []
    for part, units in _smallest(listing, by, stratum, wanted, (seed, shift)):
        found += [Selected(unit, stratum(unit), part, order, None) for order, unit in enumerate(units, start=1)]
    return found


def _smallest(
    listing: Listing, by: Sequence[str], stratum: Callable[[Unit], str], wanted: Wanted, seeding: tuple[str, str]
) -> Iterator[tuple[str, list[Unit]]]:
    """Yield each part with its smallest tickets, counted from the shift."""
    seed, shift = seeding
    parts: dict[str, list[tuple[bool, str, int, Unit]]] = {}
    bounds: dict[str, tuple[bool, str]] = {}
    for place, unit in enumerate(listing.units()):
        part = part_of(by, unit.month, stratum(unit))
        most = wanted.taken(part)
        if not most:
            continue
        ticket = ticket_of(seed, unit.case)
        rank = ticket < shift, ticket
        if part in bounds and rank > bounds[part]:
            continue
        kept = parts.setdefault(part, [])
        kept.append((*rank, place, unit))
        if len(kept) > 2 * most + _SPARE_ROOM:
            parts[part] = nsmallest(most, kept)
            bounds[part] = parts[part][-1][:2]
    for part in sorted(parts):
        yield part, [unit for *_, unit in nsmallest(wanted.taken(part), parts[part])]


def _systematic(listing: Listing, sample: Fields, most: int, seed: str) -> list[Unit]:
    """Return every k-th unit from the start on, by the sort key, ties by ticket; then the others by ticket."""
    key = sort_key_in(listing, sample["sort_key"])
    placed = sorted((*key(unit), ticket_of(seed, unit.case), place) for place, unit in enumerate(listing.units()))
    start, interval = sample["start"], sample["interval"]
    hits = [
        row[-1] for number, row in enumerate(placed, start=1) if number >= start and not (number - start) % interval
    ]
    met = set(hits)
    others = nsmallest(max(0, most - len(hits)), ((row[-2], row[-1]) for row in placed if row[-1] not in met))
    places = (hits + [place for _, place in others])[:most]
    kept = dict.fromkeys(places)
    units = {place: unit for place, unit in enumerate(listing.units()) if place in kept}
    return [units[place] for place in places]


def sort_key_in(listing: Listing, name: str) -> Callable[[Unit], Key]:
    """Return what a unit is sorted by: no value first, numbers as numbers, other values as text."""
    place, kind = listing.names.index(name), listing.kinds[name]

    def key(unit: Unit) -> Key:
        value = unit.cells[place]
        if value is None:
            return (False, 0 if kind in {"integer", "decimal"} else "")
        return (True, Decimal(value) if kind in {"integer", "decimal"} else value)

    return key


def _by_size(listing: Listing, sample: Fields, wanted: Wanted, seed: str) -> list[tuple[Unit, float]]:
    """Return those taken for sure by ticket, then by the ranking variable Q = u (1 - λ) / (λ (1 - u))."""
    place = listing.names.index(sample["size_column"])
    shares = shares_of(listing, place, sum(wanted.wanted.values()))
    zero = int((sample.get("shift") or "0" * _HEX)[:_HEX], 16)

    def ranked() -> Iterator[tuple[bool, float, str, int, Unit, float]]:
        for number, unit in enumerate(listing.units()):
            size = size_of(unit.cells[place])
            if size is None or size <= 0:
                continue
            ticket = ticket_of(seed, unit.case)
            chance = chance_of(size, shares)
            drawn_at = ((int(ticket[:_HEX], 16) - zero) % (1 << _BITS) + 0.5) / (1 << _BITS)
            q = (drawn_at * (1 - chance)) / (chance * (1 - drawn_at)) if chance < 1 else 0.0
            yield chance < 1, q, ticket, number, unit, chance

    return [(row[4], row[5]) for row in nsmallest(wanted.taken(""), ranked())]


def chance_of(size: Decimal, shares: Shares) -> float:
    """Return λ, the inclusion probability that was wanted for a unit of this size."""
    if shares.certain_from is not None and size >= shares.certain_from:
        return 1.0
    return shares.n * _floating(size) / _floating(shares.total)


def shares_of(listing: Listing, place: int, n: int) -> Shares:
    """Find the units that are taken for sure: those whose share of what is left reaches one."""
    sizes = [size for unit in listing.units() if (size := size_of(unit.cells[place])) is not None and size > 0]
    total = sum(sizes, Decimal(0))
    taken: Decimal | None = None
    certain = 0
    for size in sorted(sizes, reverse=True)[:n]:
        if n == certain or (n - certain) * size < total:
            break
        taken, certain, total = size, certain + 1, total - size
    return Shares(taken, n - certain, total)


def size_of(text: str | None) -> Decimal | None:
    """Return a unit's size: a number, also with a decimal comma; rounded to a millionth as the sampler does."""
    if text is None:
        return None
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return number.quantize(Decimal("0.000001"), "ROUND_HALF_UP") if number.is_finite() else None


def _floating(size: Decimal) -> float:
    """Return a number with six decimals as the sampler's engine makes a floating one of it."""
    scaled = int(size * _MILLIONTHS)
    if abs(scaled) <= _MOST_EXACT:
        return scaled / _MILLIONTHS
    return float(scaled // _MILLIONTHS) + float(scaled % _MILLIONTHS) / _MILLIONTHS


def handlers_in(listing: Listing, by: Sequence[str]) -> Mapping[str, int]:
    """Return how many different handlers each part of a frame has."""
    stratum = stratum_in(listing, by)
    found: dict[str, set[str]] = {}
    for unit in listing.units():
        names = found.setdefault(part_of(by, unit.month, stratum(unit)), set())
        if unit.handler is not None:
            names.add(unit.handler)
    return {part: len(names) for part, names in found.items()}
