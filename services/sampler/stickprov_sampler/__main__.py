"""``python -m stickprov_sampler [serve | migrate | openapi | settings]``."""

from stickprov_kernel.runtime import run
from stickprov_sampler.app import create, migrate_database
from stickprov_sampler.settings import SamplerSettings

run("sampler", SamplerSettings, create, migrate_database)
