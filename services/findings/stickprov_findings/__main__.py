"""``python -m stickprov_findings [serve | migrate | openapi | settings | recover --from URL]``."""

from stickprov_findings.adapters.recovering import recover_log
from stickprov_findings.app import create, migrate_database
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.runtime import run

run("findings", FindingsSettings, create, migrate_database, recover=recover_log)
