"""What a run is asked to do, from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, cast

_KILLS: Final = 200
_KILLS_SHORT: Final = 15
_BROKERS: Final = ("noida", "apache")


@dataclass(frozen=True)
class Options:
    """A run's options.

    Attributes:
        seed: of everything that is left to chance here; how processes interleave is not.
        kills: of each service, at least.
        broker: ``noida`` or ``apache``.
    """

    seed: int
    kills: int
    broker: Literal["noida", "apache"]

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read SEED, KILLS, BROKER and SHORT; what is empty counts as not given.

        Raises:
            SystemExit: one of them makes no sense.
        """
        given = {name: environment.get(name, "") for name in ("SEED", "KILLS", "BROKER", "SHORT")}
        usual = _KILLS_SHORT if given["SHORT"] else _KILLS
        try:
            seed = int(given["SEED"] or secrets.randbelow(10**9))
            kills = int(given["KILLS"] or usual)
        except ValueError as error:
            raise SystemExit(f"SEED and KILLS are whole numbers: {error}") from None
        broker = given["BROKER"] or "noida"
        if broker not in _BROKERS or kills < 1:
            raise SystemExit(f"BROKER is one of {', '.join(_BROKERS)}, and KILLS at least 1")
        return cls(seed, kills, cast("Literal['noida', 'apache']", broker))
