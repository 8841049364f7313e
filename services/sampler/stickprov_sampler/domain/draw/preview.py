"""A draw before it is made: how precise it would be, and what to think of.

The half-width is that of a normal 95 % interval for a share p in a stratified sample without replacement:
``1.96 sqrt(Σ W_h² (1 - n_h/N_h) p (1 - p) N_h / (n_h (N_h - 1)))`` (W. G. Cochran, Sampling Techniques,
1977, 5.23). It is for planning; what is reported later is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from stickprov_contracts.http.draws import DrawPreview, DrawWarning, PreviewDraw, PreviewPart
from stickprov_sampler.domain.draw.plan import Plan

_NORMAL_95: Final = 1.959963984540054
_MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Last:
    """The cases of the series' last draw that the frame holds too.

    Attributes:
        draw: its id. period: its label. cases: how many.
    """

    draw: str
    period: str
    cases: int


def preview(request: PreviewDraw, plan: Plan, last: Last | None) -> DrawPreview:
    """Return what a draw would be."""
    rate = float(request.expected_rate)
    size, drawn = sum(plan.sizes.values()), sum(plan.wanted.values())
    parts = [
        PreviewPart(name=part, size=plan.sizes[part], drawn=n, half_width=_half_width({part: n}, plan.sizes, rate))
        for part, n in plan.wanted.items()
    ]
    by_chance = plan.design not in {"pps", "systematic"}
    return DrawPreview(
        design=plan.design,
        size=size,
        drawn=drawn,
        allocation_rule=plan.rule,
        parts=parts,
        expected_rate=request.expected_rate,
        half_width=_half_width(plan.wanted, plan.sizes, rate) if by_chance else None,
        warnings=_warnings(request, plan, last),
    )


def _half_width(wanted: Mapping[str, int], sizes: Mapping[str, int], rate: float) -> float | None:
    """Return the half-width over some parts; None where a part's variance cannot be known from its sample."""
    filled = {part: n for part, n in wanted.items() if sizes[part]}
    total = sum(sizes[part] for part in filled)
    variance = 0.0
    for part, n in filled.items():
        size = sizes[part]
        if n == 0 or (n == 1 and size > 1):
            return None
        if size > 1:
            variance += (size / total) ** 2 * (1 - n / size) * rate * (1 - rate) * size / (n * (size - 1))
    return _NORMAL_95 * sqrt(variance) if filled else None


def _warnings(request: PreviewDraw, plan: Plan, last: Last | None) -> list[DrawWarning]:
    warnings = []
    alone = [part for part, n in plan.wanted.items() if n == 1 < plan.sizes[part]]
    if plan.design == "per_group" and alone:
        warnings.append(_warning("one-per-group", "One case of each handler has no variance: give at least 2.", []))
    elif alone:
        warnings.append(
            _warning("one-of-stratum", "A stratum with one drawn case has no variance: draw at least 2.", alone)
        )
    small = [part for part, n in plan.wanted.items() if request.per_group and n < request.per_group]
    if small:
        warnings.append(_warning("small-groups", "These handlers have fewer cases; all of them are drawn.", small))
    empty = [part for part, n in plan.wanted.items() if n == 0]
    if empty:
        warnings.append(_warning("empty-stratum", "Nothing is drawn from these strata.", empty))
    if last is not None and last.cases:
        expected = last.cases * sum(plan.wanted.values()) / sum(plan.sizes.values())
        warnings.append(
            _warning(
                "drawn-last-period",
                f"{last.cases} units of the frame were drawn last ({last.period}); without a shift about "
                f"{expected:.1f} of them are drawn again.",
                [last.draw],
            )
        )
    if request.seed is not None and not request.secret:
        warnings.append(
            _warning("seed-known", "Whoever knows the seed can foresee the cases. Type it in after the freeze.", [])
        )
    if plan.interval is not None and plan.sizes[""] % plan.interval:
        warnings.append(_warning("rounded", "Depending on the start, one case more may be drawn.", []))
    return warnings


def _warning(code: str, message: str, names: list[str]) -> DrawWarning:
    return DrawWarning.model_validate({"code": code, "message": message, "names": names[:_MOST_NAMED]})
