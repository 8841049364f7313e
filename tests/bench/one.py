"""Run one bench and write its rows as JSON to a file; a process of its own, so that none strikes another.

``python -m bench.one draw rows.json``
"""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path


def main(name: str, target: Path) -> None:
    """Measure, and write what was found."""
    rows = importlib.import_module(f"bench.{name}").run()
    target.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
