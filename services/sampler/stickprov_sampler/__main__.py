"""``python -m stickprov_sampler [serve | migrate | openapi | settings | recover --from URL]``."""

from stickprov_kernel.runtime import run
from stickprov_sampler.adapters.recovering import recover_log
from stickprov_sampler.app import create, migrate_database
from stickprov_sampler.settings import SamplerSettings

run("sampler", SamplerSettings, create, migrate_database, recover=recover_log)
