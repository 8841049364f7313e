"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from stickprov_reporting.adapters.generations import Generations
from stickprov_reporting.adapters.news import News
from stickprov_reporting.adapters.readings import Readings
from stickprov_reporting.adapters.reports.making import ReportMaker
from stickprov_reporting.adapters.sql.replay import Replayer
from stickprov_reporting.adapters.sql.serving_copies import Copies
from stickprov_reporting.adapters.trails import Trails


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    readings: Readings
    replayer: Replayer
    generations: Generations
    news: News
    reports: ReportMaker
    copies: Copies
    trails: Trails


GetParts: TypeAlias = Callable[[], Parts]
