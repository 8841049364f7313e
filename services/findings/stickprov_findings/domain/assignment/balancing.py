"""Cases shared out as evenly as who may take them allows.

An incremental optimal semi-matching (Harvey, Ladner, Lovász and Tamir, Journal of Algorithms 59, 2006): each case goes
to the least loaded reviewer that can be reached, where one reviewer reaches another by handing over a case that the
other may take too. So no two loads could be brought closer, and no case stays behind that capacity has room for.

What must not break: the same cases, reviewers and loads give the same answer, in whatever order they come.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_Kind = frozenset[str]
"""Cases are of one kind when the same reviewers may take them."""


@dataclass(slots=True)
class _Desk:
    """What one reviewer has: waiting before, and given now, by kind."""

    load: int
    ticket: int
    held: dict[_Kind, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """Reviewer ``giver`` hands a case of a kind over to the reviewer that the step leads to; no giver at the start."""

    giver: str | None
    kind: _Kind
    length: int


def balanced(takers: Mapping[str, frozenset[str]], waiting: Mapping[str, int], capacity: int | None) -> dict[str, str]:
    """Return a reviewer for each case, those that no capacity is left for excepted.

    Args:
        takers: for each case those who may take it, at least one.
        waiting: how many cases each reviewer has already; none when left out.
        capacity: the most that a reviewer is to have in all.
    """
    desks = {
        taker: _Desk(waiting.get(taker, 0), _ticket(taker)) for kind in set(takers.values()) for taker in sorted(kind)
    }
    for case in sorted(takers):
        steps = _reach(takers[case], desks)
        taker = _least_loaded(steps, desks, _ticket(case))
        if capacity is None or desks[taker].load < capacity:
            _hand_over(case, taker, steps, desks)
    return {case: taker for taker, desk in desks.items() for cases in desk.held.values() for case in cases}


def _reach(kind: _Kind, desks: Mapping[str, _Desk]) -> dict[str, _Step]:
    """Return who can be reached from a case of a kind, each by a shortest way."""
    steps = {taker: _Step(None, kind, 0) for taker in kind}
    if min(desks[taker].load for taker in kind) == min(desk.load for desk in desks.values()):
        return steps
    seen = {kind}
    frontier: Iterable[str] = sorted(kind)
    while frontier:
        further: list[str] = []
        for giver in frontier:
            for other in _kinds_held(desks[giver]):
                if other in seen:
                    continue
                seen.add(other)
                for taker in sorted(other - steps.keys()):
                    steps[taker] = _Step(giver, other, steps[giver].length + 1)
                    further.append(taker)
        frontier = further
    return steps


def _kinds_held(desk: _Desk) -> list[_Kind]:
    return [kind for kind, cases in desk.held.items() if cases]


def _hand_over(case: str, taker: str, steps: Mapping[str, _Step], desks: Mapping[str, _Desk]) -> None:
    """Give the last reviewer of the way one case more, and everybody before them one for another."""
    desks[taker].load += 1
    while (step := steps[taker]).giver is not None:
        desks[taker].held.setdefault(step.kind, []).append(desks[step.giver].held[step.kind].pop())
        taker = step.giver
    desks[taker].held.setdefault(steps[taker].kind, []).append(case)


def _least_loaded(steps: Mapping[str, _Step], desks: Mapping[str, _Desk], ticket: int) -> str:
    """Return who has least; of those who have equally much, whom the tickets say, another one for each case."""
    return min(steps, key=lambda taker: (desks[taker].load, steps[taker].length, desks[taker].ticket ^ ticket))


def _ticket(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
