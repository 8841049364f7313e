"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from stickprov_reporting.adapters.sql.register import RegisterReader
from stickprov_reporting.adapters.sql.replay import Replayer
from stickprov_reporting.adapters.sql.statistics import StatisticsReader


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    statistics: StatisticsReader
    replayer: Replayer
    register: RegisterReader


GetParts: TypeAlias = Callable[[], Parts]
