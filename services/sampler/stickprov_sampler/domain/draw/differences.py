"""What verification checks of a draw, and how it tells what differs.

English sentences with ``%(named)s`` values. What must not break: the client has each of them in Swedish, which a test
compares; so a new sentence stands here, never where it is used.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from stickprov_contracts.events import Period


class Check(StrEnum):
    """Something that is checked."""

    READABLE = "the log has the frame, the seed and the sample, and each can be read"
    ONE_STORY = "the log names one frame, one seed and one draw throughout"
    IN_ORDER = "the frame was in the log before the seed, and the seed before the sample"
    COMMITTED_IN_ORDER = "frame and committed seed were in the log before the sample"
    COMMITTED_SEED = "the seed is the one that was committed"
    ADDS_UP = "the allocation adds up to the sample"
    STEPS_FIT = "spares and extensions fit the draw"
    SAME_FILE = "the frame file is the one whose hash is in the log"
    SAME_SIZES = "the frame file holds the units that the log says"
    RULE_FOLLOWED = "the allocation follows from its rule"
    TICKETS = "every ticket follows from seed and case"
    SMALLEST_TICKETS = "the drawn cases are those with the smallest tickets"
    MET_BY_INTERVAL = "the drawn cases are those that the start and the interval meet"
    SMALLEST_RANKING = "the drawn cases are those with the smallest ranking variables"
    TICKET_ORDER = "the cases stand in the order of their tickets"
    DRAW_ORDER = "the cases stand in the order of the draw"
    CHANCE_OF_PART = "every inclusion probability is n/N of its part"
    CHANCE_OF_INTERVAL = "every inclusion probability is 1 divided by the interval"
    CHANCE_OF_SIZE = "every inclusion probability is the unit's share of the sizes"
    UNITS = "month, stratum, unit, handler and subunits are the frame's"
    UNALTERED = "every event is the one whose hash stands in the log"


class Told(StrEnum):
    """How a difference is told; ``%(field)s`` is the value of a ``Field``."""

    UNREADABLE = "An event of the draw or its frame cannot be read: %(why)s."
    NO_FRAME = "The log has no frame for the draw."
    NO_SEED = "The log has no seed for the draw."
    ANOTHER = "%(event)s names %(field)s %(found)s, expected %(expected)s."
    ANOTHER_OF_CASE = "Case %(case)s names %(field)s %(found)s, expected %(expected)s."
    NOT_PLACED = "The draw has no place in the log yet. Verify it again shortly."
    OUT_OF_ORDER = "The log has the frame at position %(frame)s, the seed at %(seed)s and the sample at %(sample)s."
    COMMITTED_OUT_OF_ORDER = (
        "The log has the frame at position %(frame)s, the commitment at %(seed)s and the sample at %(sample)s."
    )
    FRAME_ELSEWHERE = "SeedDrawn says the frame is at position %(said)s, the log has it at %(found)s."
    ANOTHER_SEED = "SeedRevealed shows a seed with hash %(found)s, and %(expected)s was committed."
    MONTH_DOES_NOT_ADD_UP = "In month %(month)s, %(found)s cases are drawn, and the allocation says %(said)s."
    STRATUM_DOES_NOT_ADD_UP = (
        "In month %(month)s, stratum “%(stratum)s”, %(found)s cases are drawn, and the allocation says %(said)s."
    )
    MISCOUNTED = "SampleDrawn says %(what)s = %(said)s, and %(found)s are counted."
    OTHER_MONTHS = "SampleDrawn and FrameFrozen give different sizes by month."
    OTHER_STRATA = "SampleDrawn and FrameFrozen give different sizes by month and stratum."
    REPLACED_UNKNOWN = "CaseReplaced takes out case %(case)s, which is not in the draw then."
    REPLACED_ELSEWHERE = "CaseReplaced gives case %(case)s another month or stratum than it has."
    ANOTHER_SPARE = "CaseReplaced names spare %(case)s, and %(found)s other cases follow."
    SPARE_ELSEWHERE = "Spare %(spare)s is of another stratum than case %(case)s."
    EXTENDED_BY_OTHERS = "SampleExtended says that %(said)s cases are added, and %(found)s follow."
    EXTENSION_DOES_NOT_ADD_UP = (
        "The allocation of SampleExtended is not what was drawn before with the %(added)s added cases."
    )
    FILE_GONE = "The frame file is gone, so nothing can be drawn from it again."
    ANOTHER_FILE = "The frame file's SHA-256 is %(found)s, and the log says %(said)s."
    OTHER_UNITS = "Month %(month)s, stratum “%(stratum)s”: the file holds %(found)s units, and the log says %(said)s."
    NO_DESIGN = "The design that the log says cannot be followed: %(why)s"
    ANOTHER_START = "SampleDrawn says start = %(said)s, and the seed gives %(found)s."
    ANOTHER_N = "The allocation says %(said)s in all, and its rule gives %(found)s."
    ANOTHER_N_OF_PART = "The allocation says %(said)s from “%(part)s”, and its rule gives %(found)s."
    OTHER_HANDLERS = "SampleDrawn gives the strata other numbers of handlers than the frame file has."
    ANOTHER_TICKET = "Case %(case)s has ticket %(found)s, expected %(expected)s."
    LEFT_OUT_OF_TICKETS = "Case %(case)s has one of the smallest tickets (%(ticket)s), and the log does not draw it."
    LEFT_OUT_OF_RULE = "Case %(case)s is one that the rule selects, and the log does not draw it."
    NOT_AMONG_TICKETS = "The log draws case %(case)s, whose ticket is not among the smallest."
    NOT_OF_RULE = "The log draws case %(case)s, which the rule does not select."
    OUT_OF_TURN = "Case %(case)s came as number %(order)s of its part, after number %(before)s."
    ALTERED = "Event %(number)s of %(stream)s (%(type)s) is not the one whose hash stands in the log."
    ANOTHER_VALUE = "Case %(case)s has %(field)s %(found)s, computed again %(expected)s."


class Field(StrEnum):
    """What a difference may be about."""

    FRAME = "frame"
    FRAME_HASH = "frame hash"
    SERIES = "series"
    SEED = "seed"
    DRAW = "draw"
    ALGORITHM = "algorithm"
    CONTROL_POINTS = "control points"
    PERIOD = "period"
    ORDER = "order"
    INCLUSION_PROBABILITY = "inclusion probability"
    MONTH = "month"
    STRATUM = "stratum"
    UNIT = "unit"
    HANDLER = "handler"
    SUBUNITS = "subunits"


class Difference(NamedTuple):
    """The first thing that is not as it was to be; ``str`` makes the English sentence."""

    text: Told
    values: Mapping[str, str]

    def __str__(self) -> str:
        return self.text % self.values


def differs(text: Told, **values: object) -> Difference:
    """Return a difference with its values as text."""
    return Difference(text, {name: _as_text(value) for name, value in values.items()})


def _as_text(value: object) -> str:
    match value:
        case None | []:
            return "–"
        case list():
            return ", ".join(map(str, value))
        case Period(label=label):
            return label
        case _:
            return str(value)
