"""Counts that are sums of each other, and which of them must be left out so that no small one can be worked out.

A count is small when fewer than ``below`` have something, or fewer than ``below`` of its group have not, or its group
itself has fewer: then a zero tells of each of them too. Leaving small ones out (primary suppression) is not enough:
what is printed beside them may give them away, so others go with them (complementary suppression). A pattern holds when
whoever knows every printed count, all sums and all groups' sizes is left with an interval of possible values that is
wide enough for each count that is left out: Handbook on Statistical Disclosure Control (Hundepool et al.), chapters 4
(feasibility intervals, the attacker's problem) and 5 (small counts, zeros and full groups),
https://sdctools.github.io/HandbookSDC/; Fischetti and Salazar, Management Science 47 (2001) 1008-1027.

A tree of sums needs no solver. Every count belongs to one sum at most, so intervals of whole numbers added up from the
leaves, and handed down again, are exact.

What must not break: the search ends, as each step leaves one more out, and with everything left out nothing is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Range = tuple[int, int]


@dataclass(eq=False, slots=True)
class Count:
    """A count of a group.

    Attributes:
        value: how many. most: how many there could be, known to every reader.
        fixed: printed anyway, or never printed; it cannot be left out to protect others.
        sums: ways in which it is the sum of others, such as months, and units.
    """

    value: int
    most: int
    hidden: bool = False
    fixed: bool = False
    sums: list[list["Count"]] = field(default_factory=list)

    def is_sum_of(self, parts: Sequence["Count"]) -> None:
        """Make this the sum of others, and of a rest that is nowhere printed where they are not all of it.

        Raises:
            ValueError: the parts are more than the whole.
        """
        rest = Count(self.value - sum(part.value for part in parts), self.most - sum(part.most for part in parts))
        if not 0 <= rest.value <= rest.most:
            raise ValueError("parts of a count add up to more than it")
        rest.hidden = rest.fixed = True
        self.sums.append([*parts, rest] if rest.most else list(parts))

    def is_shared_among(self, parts: Sequence["Count"]) -> None:
        """Make this the sum of kinds, each of which could be as many as the whole group."""
        if parts:
            self.sums.append(list(parts))


def is_small(value: int, group: int, below: int) -> bool:
    """Tell whether a count of a group gives away too few."""
    return group > 0 and (group < below or 0 < value < below or 0 < group - value < below)


def protect(root: Count, below: int) -> None:
    """Leave out the small counts of a tree, and as many others as it takes."""
    counts = list(_within(root))
    for count in counts:
        count.hidden = count.hidden or (not count.fixed and is_small(count.value, count.most, below))
    while _hide_more(root, counts, below):
        pass


def ranges(root: Count) -> dict[int, Range]:
    """Return what every count of a tree can be to whoever knows what is printed, by the count's ``id``."""
    up: dict[int, Range] = {}
    down: dict[int, Range] = {}
    _add_up(root, up)
    down[id(root)] = up[id(root)]
    for count in _within(root):
        low, high = down[id(count)]
        for parts in count.sums:
            lows, highs = sum(up[id(part)][0] for part in parts), sum(up[id(part)][1] for part in parts)
            for part in parts:
                least, most = up[id(part)]
                down[id(part)] = max(least, low - (highs - most)), min(most, high - (lows - least))
    return down


def _add_up(count: Count, up: dict[int, Range]) -> None:
    low, high = (0, count.most) if count.hidden else (count.value, count.value)
    for parts in count.sums:
        for part in parts:
            _add_up(part, up)
        low = max(low, sum(up[id(part)][0] for part in parts))
        high = min(high, sum(up[id(part)][1] for part in parts))
    up[id(count)] = low, high


def _hide_more(root: Count, counts: Sequence[Count], below: int) -> bool:
    """Leave out one more of each sum in which a count can still be worked out; tell whether any was."""
    found, parents = ranges(root), {id(part): count for count in counts for parts in count.sums for part in parts}
    met: set[int] = set()
    for weak in counts:
        parent = parents.get(id(weak), weak)
        if id(parent) in met or not weak.hidden or weak.fixed or _is_unknown(weak, found[id(weak)], below):
            continue
        chosen = _next(weak, parents, counts)
        if chosen is not None:
            chosen.hidden = True
            met.add(id(parent))
    return bool(met)


def _is_unknown(count: Count, possible: Range, below: int) -> bool:
    """Tell whether a count that is left out can be two values at least, and a small one also one that is not small."""
    low, high = possible
    if count.most == 0:
        return True
    few = count.value < below and is_small(count.value, count.most, below)
    many = count.most - count.value < below and is_small(count.value, count.most, below)
    return (
        low < high and (not few or high >= min(below, count.most)) and (not many or low <= max(0, count.most - below))
    )


def _next(weak: Count, parents: dict[int, Count], counts: Sequence[Count]) -> Count | None:
    """Return what to leave out next: of what pins a count down the smallest group, else of the rest."""
    parent = parents.get(id(weak))
    beside = [part for parts in (parent.sums if parent else []) if weak in parts for part in parts]
    inside = [part for parts in weak.sums if not any(part.hidden for part in parts) for part in parts]
    for near in (inside, beside, [parent] if parent else [], counts):
        free = [count for count in near if not count.hidden and not count.fixed and count.most]
        if free:
            return min(free, key=lambda count: count.most)
    return None


def _within(root: Count) -> Iterator[Count]:
    """Yield a count and all that it is a sum of, sums before their parts."""
    yield root
    for parts in root.sums:
        for part in parts:
            yield from _within(part)
