"""The tour is played as it is written and prints what it says, so that it cannot grow old."""

import os
import re
import subprocess
import sys
from pathlib import Path

TOUR = Path(__file__).parents[2] / "docs" / "tour.md"
STEP = re.compile(r"```sh\n(.*?)```\n(?:```text\n(.*?)```)?", re.DOTALL)
MARK = "=== the next step of the tour ==="


def test_the_tour_works_as_it_is_written_and_prints_what_it_says(stack, tmp_path):
    tour = TOUR.read_text(encoding="utf-8").partition("<!-- tour -->")[2].partition("<!-- /tour -->")[0]
    steps = STEP.findall(tour)
    (tmp_path / ".stickprov").symlink_to(stack.data)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    surroundings = {"STICKPROV_URL": stack.url, "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONUTF8": "1"}

    played = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"echo '{MARK}'\n".join(script for script, _ in steps)],
        cwd=tmp_path,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    printed = played.stdout.split(MARK)
    assert len(printed) == len(steps)
    for (script, told), said in zip(steps, printed, strict=True):
        assert_is_told(told, said, script)


def assert_is_told(told: str, said: str, script: str) -> None:
    """Every line stands in what was printed, in that order; an ellipsis stands for anything, spaces for any number."""
    rest = " ".join(said.split())
    for line in told.splitlines():
        pieces = [re.escape(" ".join(piece.split())) for piece in line.split("…")]
        found = re.search(".*?".join(pieces), rest)
        assert found is not None, f"after\n{script}\nnothing like this is printed:\n{line}\nbut:\n{said}"
        rest = rest[found.end() :]
