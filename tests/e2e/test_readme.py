"""The README's tour is played as it is written, so that it cannot grow old."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_five_minute_tour_works_as_it_is_written(stack, tmp_path):
    tour = README.read_text(encoding="utf-8").partition("<!-- tour -->")[2].partition("<!-- /tour -->")[0]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", tour, flags=re.DOTALL))
    (tmp_path / ".stickprov").symlink_to(stack.data)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    surroundings = {"STICKPROV_URL": stack.url, "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONUTF8": "1"}

    played = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    assert "Waiting 38 · Reviewed 2 · Over-coverage 0 · Non-response 0 · Total 40" in played.stdout
    assert "Verified: the logs are whole" in played.stdout
