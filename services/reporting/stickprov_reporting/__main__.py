"""``python -m stickprov_reporting [serve | migrate | openapi | settings]``."""

from stickprov_kernel.runtime import run
from stickprov_reporting.app import create, migrate_database
from stickprov_reporting.settings import ReportingSettings

run("reporting", ReportingSettings, create, migrate_database)
