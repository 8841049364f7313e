"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from stickprov_findings.adapters.assigning import AssignmentDesk
from stickprov_findings.adapters.desk import ReviewDesk
from stickprov_findings.adapters.follow_ups import FollowUpDesk
from stickprov_findings.adapters.importing import FindingsImport
from stickprov_findings.adapters.protections import Protections
from stickprov_findings.adapters.sql.drafts import Drafts
from stickprov_findings.adapters.sql.my_findings import MyFindingsReader
from stickprov_findings.adapters.sql.progress import ProgressReader
from stickprov_findings.adapters.sql.queue import CaseQueue
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_kernel.log.auditing import LogAudit
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.sealing.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    assigning: AssignmentDesk
    progress: ProgressReader
    desk: ReviewDesk
    queue: CaseQueue
    reviews: Reviews
    drafts: Drafts
    reader: LogReader
    audit: LogAudit
    follow_ups: FollowUpDesk
    imports: FindingsImport
    my_findings: MyFindingsReader
    protections: Protections
    notes: asyncpg.Pool
    sealing: Sealing


GetParts: TypeAlias = Callable[[], Parts]
"""Returns the parts; called at each request."""
