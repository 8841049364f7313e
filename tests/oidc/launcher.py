"""The local stack's launcher with people signing in at a provider, not by files of tokens.

Its first argument is JSON: `services` and `web`, settings by name that take the place of the launcher's own; null takes
one away. The others are the launcher's.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace

from stickprov_local import __main__ as launcher
from stickprov_local.processes import Program
from stickprov_local.services import WEB, Surroundings

_CHANGES = json.loads(sys.argv.pop(1))
_programs = Surroundings.programs


def _changed(program: Program) -> Program:
    changes: Mapping[str, str | None] = _CHANGES["web" if program.name == WEB else "services"]
    prefix = f"STICKPROV_{program.name.upper()}_"
    settings = dict(program.environment) | {f"{prefix}{name}": value for name, value in changes.items()}
    return replace(program, environment={name: value for name, value in settings.items() if value is not None})


Surroundings.programs = lambda self: [_changed(program) for program in _programs(self)]  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(launcher.main())
