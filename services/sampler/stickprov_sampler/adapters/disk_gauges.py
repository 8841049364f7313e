"""How much room the sampler's folders have, for Prometheus."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path

from stickprov_kernel.assembly import Foundation
from stickprov_sampler.settings import SamplerSettings


def watch_disks(foundation: Foundation[SamplerSettings], folders: Mapping[str, Path]) -> None:
    """Tell the free and the whole size of the disks that the folders are on, whenever somebody asks.

    Args:
        foundation: of the service.
        folders: by what they are for.
    """
    free = foundation.metrics.gauge("folder_free_bytes", "Free space where a folder is", ("folder",))
    size = foundation.metrics.gauge("folder_size_bytes", "Size of the disk that a folder is on", ("folder",))

    async def look() -> None:
        for name, folder in folders.items():
            usage = await asyncio.to_thread(shutil.disk_usage, folder)
            free.labels(name).set(usage.free)
            size.labels(name).set(usage.total)

    foundation.observations.add("folders", look)
