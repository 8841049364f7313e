"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_sampler.adapters.defining import Defining
from stickprov_sampler.adapters.draws.drawing import Drawing
from stickprov_sampler.adapters.draws.verifying import Verifying
from stickprov_sampler.adapters.frames.freezing import Freezing
from stickprov_sampler.adapters.sql.lists import Lists


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    store: EventStore
    reader: LogReader
    lists: Lists
    defining: Defining
    freezing: Freezing
    drawing: Drawing
    verifying: Verifying


GetParts: TypeAlias = Callable[[], Parts]
