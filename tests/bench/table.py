"""One line of the bench's table."""

from typing import NamedTuple


class Row(NamedTuple):
    """A measured piece of work against a peer or a limit, measured in the same run on the same machine.

    Attributes:
        work: what was done.
        ours: our figure, the median of at least three rounds.
        peer: the peer's or the limit's figure, likewise.
        ratio: as the bar has it: rates are ours / peer; times say which way in ``work``.
        bar: what the ratio has to reach, such as ``>= 0.5`` or ``<= 1.3``; "" where none is set.
        unit: of ``ours`` and ``peer``.
    """

    work: str
    ours: float
    peer: float
    ratio: float
    bar: str
    unit: str
