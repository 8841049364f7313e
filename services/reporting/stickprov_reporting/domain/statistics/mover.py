"""MOVER: an approximate interval for a sum or a difference, recovered from each term's own interval.

Method of variance estimates recovery (Zou and Donner 2008): each term's distance from its estimate to its limit stands
for its standard error on that side, and independent ones add as squares. It needs no normal distribution of the terms,
but it is an approximation: coverage of the stated confidence is not claimed.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Term(NamedTuple):
    """An estimate with its own limits."""

    estimate: float
    lower: float
    upper: float


def mover_sum(terms: Sequence[Term]) -> Term:
    """Return the sum of independent terms; their order leaves no trace."""
    total = math.fsum(term.estimate for term in terms)
    below = math.sqrt(math.fsum((term.estimate - term.lower) ** 2 for term in terms))
    above = math.sqrt(math.fsum((term.upper - term.estimate) ** 2 for term in terms))
    return Term(total, total - below, total + above)


def mover_difference(term: Term, against: Term) -> Term:
    """Return ``term`` minus ``against``, which are independent."""
    return mover_sum([term, Term(-against.estimate, -against.upper, -against.lower)])
