"""What reporting has folded of the logs, and whether it is being folded anew."""

from datetime import datetime

from stickprov_contracts.http.base import Answer
from stickprov_contracts.http.statistics import AsOf


class Rebuilding(Answer):
    """A generation that is being folded from the log copies, beside the one that is read.

    Attributes:
        folded: by source, up to which position. of: up to which it is known.
        left: how many events are not folded yet.
    """

    generation: int
    version: int
    started: datetime
    folded: dict[str, int]
    of: dict[str, int]
    left: int


class ProjectionState(Answer):
    """``GET /v1/projection`` and the answer to ``POST /v1/projection/rebuild``.

    Attributes:
        generation: which one is read; 0 before anything was heard.
        version: of the projection that folded it. release: of the projection that this release has.
        following: whether it takes in what is heard. It does not while it is an older release's and the next is built.
        leaving: generations that are being deleted.
    """

    generation: int
    version: int
    release: int
    following: bool
    as_of: dict[str, AsOf]
    rebuilding: Rebuilding | None
    leaving: list[int]
