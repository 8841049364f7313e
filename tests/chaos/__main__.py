"""``make chaos``: kill, disturb, count; exit with 1 when something does not hold.

SEED, KILLS (of each service), BROKER (noida or apache) and SHORT are read from the environment. The folder of a run
that failed is kept, with the logs of every process.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from chaos.disturbing import Disturbing
from chaos.killing import Killing, Kills
from chaos.lives import Order
from chaos.load import Load
from chaos.memory import Memory
from chaos.options import Options
from chaos.reckoning import Count, reckon, settled
from chaos.table import print_tables
from chaos.world import World, new_world
from support import apache_kafka


async def run(folder: Path, options: Options) -> tuple[Kills, list[Count]]:
    """Do all of it in a folder."""
    memory, kills = Memory(), Kills(options.kills)
    async with new_world(folder, options) as world:
        await _migrated(world)
        load = Load(world, memory, options.seed, kills.progress)
        disturbing = Disturbing(world, memory, options.seed)
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            working = group.create_task(load.run())
            disturbed = group.create_task(disturbing.run(enough))
            telling = group.create_task(_tell(kills, disturbing))
            killing = Killing(world, kills, options.seed)
            await killing.run()
            enough.set()
            looked_after = [group.create_task(killing.look_after(seat)) for seat in world.seats.values()]
            await disturbed
            load.end()
            await working
            telling.cancel()
            await settled(world)
            counts = await reckon(world, memory, kills, disturbing)
            for task in looked_after:
                task.cancel()
        return kills, counts


async def _migrated(world: World) -> None:
    """Let each service live once in peace, so that its database is what it needs."""
    for seat in world.seats.values():
        await seat.start(Order())
    await asyncio.gather(*(seat.ready.wait() for seat in world.seats.values()))
    await asyncio.gather(*(seat.end() for seat in world.seats.values()))


async def _tell(kills: Kills, disturbing: Disturbing) -> None:
    while True:
        await asyncio.sleep(15)
        print(f"{kills.progress():4.0%} killed, {disturbing.counts.total()} disturbances", file=sys.stderr, flush=True)


def main() -> int:
    """Run and return the exit code."""
    options = Options.of()
    if options.broker == "apache" and (missing := apache_kafka.is_missing()):
        raise SystemExit(missing)
    title = f"SEED={options.seed} KILLS={options.kills} BROKER={options.broker}"
    print(f"chaos: {title}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="stickprov-chaos-"))
    began = time.monotonic()
    try:
        kills, counts = asyncio.run(run(folder, options))
    except BaseException:
        print(f"chaos: stopped; the logs are in {folder}", file=sys.stderr)
        raise
    print_tables(f"{title}, {time.monotonic() - began:.0f} s", kills, counts)
    if any(count.holds is False for count in counts):
        print(f"chaos: something does not hold; the logs are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print(f"chaos: all of it holds, {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
