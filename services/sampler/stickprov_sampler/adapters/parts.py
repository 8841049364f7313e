"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from stickprov_kernel.log.auditing import LogAudit
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.defining import Defining
from stickprov_sampler.adapters.draws.continuing import Continuing
from stickprov_sampler.adapters.draws.drawing import Drawing
from stickprov_sampler.adapters.draws.previewing import Previewing
from stickprov_sampler.adapters.draws.verifying import Verifying
from stickprov_sampler.adapters.erasing.wiring import Erasures
from stickprov_sampler.adapters.frames.freezing import Freezing
from stickprov_sampler.adapters.identities.finding import FindingCases
from stickprov_sampler.adapters.identities.showing import ShowingIdentities
from stickprov_sampler.adapters.measures.measuring import Measuring
from stickprov_sampler.adapters.notices.sending import Sending
from stickprov_sampler.adapters.plans.adopting import Adopting
from stickprov_sampler.adapters.plans.keeping import Keeping
from stickprov_sampler.adapters.plans.showing import Showing
from stickprov_sampler.adapters.protections import Protecting
from stickprov_sampler.adapters.scheduling import Scheduling
from stickprov_sampler.adapters.sql.lists import Lists


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    store: EventStore
    reader: LogReader
    audit: LogAudit
    pool: asyncpg.Pool
    sealing: Sealing
    lists: Lists
    defining: Defining
    adopting: Adopting
    showing: Showing
    keeping: Keeping
    freezing: Freezing
    drawing: Drawing
    continuing: Continuing
    previewing: Previewing
    verifying: Verifying
    measuring: Measuring
    scheduling: Scheduling
    identities: ShowingIdentities
    finding: FindingCases
    protecting: Protecting
    sending: Sending
    erasures: Erasures


GetParts: TypeAlias = Callable[[], Parts]
"""Returns the parts; called at each request."""
