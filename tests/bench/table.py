"""One line of the bench's table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.bars import PROMISES, holds


@dataclass(frozen=True)
class Row:
    """A measured piece of work against a peer or a limit, measured in the same run on the same machine.

    Attributes:
        work: what was done.
        against: the peer or the limit, and what it does.
        unit: of ``ours`` and ``peer``.
        ours: our figure of each round.
        peer: the peer's or the limit's of each round; one figure alone where it is a constant.
        promise: the key of the promise that this row is held to; "" for one that is only told.
        turned: the ratio is ``peer / ours``, how many times we are better; else ``ours / peer``.
    """

    work: str
    against: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float]
    promise: str = ""
    turned: bool = False

    @property
    def our_median(self) -> float:
        """Our figure, the median of the rounds."""
        return statistics.median(self.ours)

    @property
    def peer_median(self) -> float:
        """The peer's figure, the median of the rounds."""
        return statistics.median(self.peer)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        peers = self.peer if len(self.peer) > 1 else list(self.peer) * len(self.ours)
        pairs = zip(self.ours, peers, strict=True)
        return [peer / ours if self.turned else ours / peer for ours, peer in pairs]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: whatever slowed a round slowed both of its sides."""
        return statistics.median(self.ratios)

    @property
    def bar(self) -> str:
        """What the ratio has to reach, such as ``>= 0.5``; "" where none is set."""
        return PROMISES[self.promise].bar if self.promise else ""

    @property
    def holds(self) -> bool | None:
        """Whether it does; None where no bar is set."""
        return holds(self.ratio, self.bar)
