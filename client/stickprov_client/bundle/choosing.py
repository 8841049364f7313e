"""Which events of the logs belong to a bundle: whole streams of what concerns its period and control points.

What must not break: a stream is chosen as a whole, so that a version that is missing shows. What was seen of a stream
before it was known to belong is not lost: the sampler's log is gone through twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

Data = Mapping[str, Any]

_BY_DRAW: Final = frozenset({"identity", "review", "second-review", "file-review", "assignment", "free-text"})
"""Kinds of streams whose name goes on with a draw's id."""


@dataclass(frozen=True)
class Wanted:
    """What a bundle is of.

    Attributes:
        start, end: days ``[start, end)``. label: what the period is called.
        points: control points; every one with something in the period when left empty.
        whole: whether every event of both logs is wanted.
    """

    start: date
    end: date
    label: str
    points: Sequence[str] = ()
    whole: bool = False

    def is_within(self, period: Data) -> bool:
        """Tell whether a period of the events lies within."""
        return bool(self.start.isoformat() <= period["start"] and period["end"] <= self.end.isoformat())

    def concerns(self, points: Sequence[str]) -> bool:
        """Tell whether one of some control points is wanted."""
        return not self.points or not set(self.points).isdisjoint(points)


@dataclass
class Choice:
    """What belongs, as far as the sampler's log has told.

    Attributes:
        frames: those of the period, by id. draws: ids.
        points: control points that have something in the period.
    """

    wanted: Wanted
    frames: dict[str, Data] = field(default_factory=dict)
    draws: set[str] = field(default_factory=set)
    points: set[str] = field(default_factory=set)
    _streams: set[str] = field(default_factory=set)
    _definitions: dict[str, list[Data]] = field(default_factory=dict)
    _all_frames: dict[str, Data] = field(default_factory=dict)
    _actions: set[str] = field(default_factory=set)
    _measured: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of the period."""
        return not (self.wanted.whole or self.frames or self.draws or self._measured)

    def observe(self, name: str, data: Data) -> None:
        """Learn from an event of the sampler."""
        takers: dict[str, Callable[[Data], None]] = {
            "control-point-defined": self._define,
            "frame-frozen": self._freeze,
            "sample-drawn": self._draw,
            "register-measured": self._measure,
        }
        if name in takers:
            takers[name](data)

    def settle(self) -> None:
        """Draw the conclusions, once all of the sampler's log was observed."""
        self.points |= set(self.wanted.points)
        for point in self.points:
            self._streams |= {f"control-point/{point}", f"schedule/{point}", f"retention/{point}"}
            for defined in self._definitions.get(point, ()):
                self._streams.add(f"plan/{defined.get('plan')}")
                for form in ("questionnaire", "file_review_questionnaire"):
                    self._streams.add(f"questionnaire/{defined.get(form)}")
        for frame in self.frames.values():
            self._streams |= {f"frame/{frame['frame']}", f"series/{frame['series']}"}

    def belongs(self, stream: str, data: Callable[[], Data]) -> bool:
        """Tell whether an event belongs; ``data`` is asked for only where the stream's name does not tell."""
        if self.wanted.whole or stream in self._streams:
            return True
        kind, _, rest = stream.partition("/")
        if kind in _BY_DRAW:
            return rest.partition("/")[0] in self.draws
        if kind == "conclusion":
            point, start, end = rest.rsplit("/", 2)
            return point in self.points and self.wanted.is_within({"start": start, "end": end})
        if kind == "plan-status":
            return rest.rpartition("/")[2] in self.points
        if kind == "action":
            if rest not in self._actions and data().get("control_point") in self.points:
                self._actions.add(rest)
            return rest in self._actions
        return False

    def _define(self, data: Data) -> None:
        self._definitions.setdefault(data["control_point"], []).append(data)

    def _freeze(self, data: Data) -> None:
        self._all_frames[data["frame"]] = data
        if self.wanted.is_within(data["period"]) and self.wanted.concerns([data["control_point"]]):
            self.frames[data["frame"]] = data
            self.points.add(data["control_point"])

    def _draw(self, data: Data) -> None:
        if not (self.wanted.is_within(data["period"]) and self.wanted.concerns(data["control_points"])):
            return
        self.draws.add(data["draw"])
        self._streams.add(f"draw/{data['draw']}")
        self.points |= set(self.wanted.points or data["control_points"])
        if data["frame"] in self._all_frames:
            self.frames[data["frame"]] = self._all_frames[data["frame"]]

    def _measure(self, data: Data) -> None:
        if self.wanted.is_within(data["period"]) and self.wanted.concerns(data["control_points"]):
            self._streams.add(f"measure/{data['measure']}")
            self._measured = True
            self.points |= set(self.wanted.points or data["control_points"])
