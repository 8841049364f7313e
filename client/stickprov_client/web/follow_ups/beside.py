"""What stands beside the form of a conclusion: the figures it is drawn from, and what the draws say of the control."""

from collections.abc import Iterable
from dataclasses import dataclass

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.draws import design_name
from stickprov_client.language.numbers import whole
from stickprov_client.language.periods import range_of
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.reporting.addresses import page_of
from stickprov_contracts.http.sampler import ControlPoint, Draw
from stickprov_contracts.http.statistics import Statistics


@dataclass(frozen=True)
class Beside:
    """Figures and draws of a control point in a period.

    Attributes:
        statistics: None where nothing is counted, or the period cannot be read. address: of their page.
        method: how the cases were drawn, as the standard form has it; "" where nothing was.
        periods: labels of the periods that the point's draws are of.
    """

    statistics: Statistics | None = None
    address: str = ""
    method: str = ""
    periods: tuple[str, ...] = ()


def points_to_choose(points: Iterable[ControlPoint], typed: str) -> list[tuple[str, str]]:
    """Return control points as options of a form; what was typed stays among them."""
    options = {one.control_point: f"{one.control_point} · {one.measure or one.area}"[:90] for one in points}
    return [("", "–"), *({typed: typed} | options if typed else options).items()]


async def beside(services: Services, control_point: str, period: str, language: Language) -> Beside:
    """Read what is known of a control point in a period. Either may be nothing yet, or what nobody can read."""
    if not control_point:
        return Beside()
    draws = [one for one in await services.sampler.draws() if control_point in one.control_points]
    periods = tuple(sorted({one.period.label for one in draws}))
    try:
        days = range_of(period)
    except ValueError:
        return Beside(periods=periods)
    inside = [one for one in draws if days.start <= one.period.start and one.period.end <= days.end]
    found = await _statistics(services, control_point, period)
    return Beside(found, page_of(control_point, "", days), _method(inside, language), periods)


async def _statistics(services: Services, control_point: str, period: str) -> Statistics | None:
    days = range_of(period)
    try:
        found = await services.reporting.statistics(control_point, days.start, days.end)
    except ApiProblem as error:
        if not error.is_our_fault:
            raise
        return None
    return found if found.total.drawn else None


def _method(draws: list[Draw], language: Language) -> str:
    say = texts(language).gettext
    line = say("{design}, {n} of {size} drawn ({frame})")
    return "\n".join(
        line.format(
            design=design_name(one.design, language),
            n=whole(one.drawn, language),
            size=whole(one.size, language),
            frame=one.frame_name,
        )
        for one in sorted(draws, key=lambda one: (one.period.start, one.frame_name))
    )
