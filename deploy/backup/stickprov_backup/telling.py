"""What is told of backups: a line each, what one lacks, and what must follow when one was restored."""

from pathlib import Path
from typing import Final

from stickprov_backup.manifest import Manifest

_MIB: Final = 1 << 20


def line(found: Manifest) -> str:
    """Return a backup in a line."""
    logs = ", ".join(f"{source} at {log.began.position}" for source, log in found.logs.items())
    needed = ", ".join(f"{source} {' '.join(ids)}" for source, ids in found.master_keys.items())
    return f"{found.name}  {found.size / _MIB:.1f} MiB  release {found.release}  {logs}  master keys: {needed}"


def made(found: Manifest, backup: Path) -> list[str]:
    """Return what to tell of a backup that was just made."""
    return [f"Backup made: {backup}", line(found), "Not in it:", *(f"  {one}" for one in found.not_in_it)]


def restored(found: Manifest, *, data: Path | None, with_keys: bool) -> list[str]:
    """Return what to tell of a backup that was just restored."""
    ends = ", ".join(
        f"{source} at position {log.began.position} or later"
        if log.ended != log.began
        else f"{source} at {log.ended.position}"
        for source, log in found.logs.items()
    )
    steps = []
    if not with_keys:
        where = f" into {data / 'keys'}" if data is not None else " where the services' settings name them"
        steps.append(f"Put the keys back{where}, from their own backup; without them nobody is known any more.")
    steps += [
        f"Start: stickprov up --data {data}" if data is not None else "Start PostgreSQL, then the services.",
        "stickprov doctor. Where a log is behind its topic, recover its end first: docs/runbook/restore.md.",
        "Erasures since the backup are carried out again as far as the logs tell of them; give the others again.",
        "stickprov audit replay --from DATE --to DATE, and stickprov audit consistency with a checkpoint from before.",
    ]
    told = [f"Restored {found.name}, made by release {found.release}. The logs end: {ends}.", "What must follow:"]
    return told + [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
