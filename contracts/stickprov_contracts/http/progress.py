"""Progress of a long request: a line of JSON for each stage of the work, then one with what would have been the answer.

A client asks for it with ``Accept: application/x-ndjson``. The answer's status is 200 from the first line on; what came
of the request stands in the last line.
"""

from typing import Any, Final, Literal

from pydantic import Field

from stickprov_contracts.http.base import Answer

NDJSON: Final = "application/x-ndjson"

StageName = Literal["reading", "checking", "naming", "sorting", "writing", "storing"]


class FrameStage(Answer):
    """What is being done with a register file.

    Attributes:
        rows: how many rows this is done with; while ``reading``, how many were read so far.
    """

    stage: StageName
    rows: int | None = Field(default=None, ge=0)


class AuditStage(Answer):
    """How far a log, or both, have been read again.

    Attributes:
        stage: ``verifying`` (bytes, chain and tree), ``folding`` (figures anew) or ``comparing`` (with what is stored).
        source: whose log; None for what concerns both.
        done: so far: events when verifying, statistics when folding, stored facts when comparing.
        of: in all, if that is known.
    """

    stage: Literal["verifying", "folding", "comparing"]
    source: str | None = None
    done: int = Field(ge=0)
    of: int | None = Field(default=None, ge=0)


class Outcome(Answer):
    """The last line.

    Attributes:
        status: what the answer's status would have been without progress.
        answer: its body; a problem for a status from 400 on.
    """

    status: int
    answer: Any
