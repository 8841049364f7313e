"""Charts as SVG that stands by itself: it is read on a page, in print, in grey and without telling red from green.

What must not break: the same points give the same bytes, and every text is escaped. Shapes carry the meaning (a dot,
a bracket, a broken line), colour only repeats it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from stickprov_contracts.http.reports import ChartPoint

_WIDTH: Final = 640
_INK: Final = "#1a2733"
_QUIET: Final = "#5b6873"
_GRID: Final = "#d9dfe4"
_BLUE: Final = "#1f5a8a"
_OCHRE: Final = "#a04a00"
_FONT: Final = "Libertinus Serif, Cambria, Georgia, serif"
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_MOST_STEPS: Final = 6
_LETTER: Final = 6.4
"""Width of a letter of 13 px, generously."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart says in words.

    Attributes:
        title, description: for those who do not see it.
        ticks: what stands at the marks of the axis, from 0; top: the share at the last one.
        tolerance: the line to compare with, and what it is called.
    """

    title: str
    description: str
    ticks: Sequence[str] = ()
    top: float = 1.0
    tolerance: tuple[float, str] | None = None


def scale(highest: float) -> list[float]:
    """Return the marks of an axis of shares from 0, the last at or above the highest share."""
    step = next((step for step in _STEPS if highest / step <= _MOST_STEPS), _STEPS[-1])
    count = max(1, -int(-highest // step))
    return [round(number * step, 4) for number in range(min(count, round(1 / step)) + 1)]


def interval_chart(points: Sequence[ChartPoint], picture: Picture) -> str:
    """Draw shares by period: a dot for the share, a bracket for its interval, a broken line for the tolerance."""
    left, right, top, height = 58, 20, 26, 240
    bottom = top + height
    span = _WIDTH - left - right

    def y(share: float) -> float:
        return round(bottom - height * min(share, picture.top) / picture.top, 1)

    marks = [number * picture.top / (len(picture.ticks) - 1) for number in range(len(picture.ticks))]
    parts = [_axis_line(left, y(mark), text) for mark, text in zip(marks, picture.ticks, strict=True)]
    if picture.tolerance is not None:
        parts += _tolerance(left, y(picture.tolerance[0]), picture.tolerance[1])
    step = span / max(1, len(points))
    for place, point in enumerate(points):
        x = round(left + step * (place + 0.5), 1)
        parts.append(_text(x, bottom + 20, point.label, anchor="middle", fill=_QUIET))
        parts += _dot_with_bracket(x, point, y, told=step >= 8 * _LETTER)
    return _svg(_WIDTH, bottom + 34, parts, picture)


def bar_chart(points: Sequence[ChartPoint], picture: Picture) -> str:
    """Draw one bar for each point, as long as its value; label to the left, what it is in words at its end."""
    widest = 34
    wrapped = [_wrapped(point.label, widest) for point in points]
    left = min(250, 16 + _LETTER * max((len(line) for lines in wrapped for line in lines), default=0))
    told = 12 + _LETTER * max((len(point.text) for point in points), default=0)
    span = _WIDTH - left - told
    longest = max((point.value or 0.0 for point in points), default=0.0) or 1.0
    parts, y = [], 6.0
    for point, lines in zip(points, wrapped, strict=True):
        height = max(30, 17 * len(lines) + 10)
        middle = y + height / 2
        first = middle - 8.5 * (len(lines) - 1) + 4.5
        parts += [_text(left - 10, first + 17 * n, line, anchor="end") for n, line in enumerate(lines)]
        length = max(1.5 if point.value else 0.0, span * (point.value or 0.0) / longest)
        parts.append(_rect(left, middle - 9, length, 18))
        parts.append(_text(left + length + 8, middle + 4.5, point.text, weight="600"))
        y += height
    parts.append(_line(left, 2, left, y + 2, stroke=_QUIET))
    return _svg(_WIDTH, y + 6, parts, picture)


def _dot_with_bracket(x: float, point: ChartPoint, y: Callable[[float], float], *, told: bool) -> list[str]:
    if point.value is None:
        return []
    parts = []
    if point.lower is not None and point.upper is not None:
        low, high = y(point.lower), y(point.upper)
        parts += [_line(x, low, x, high, stroke=_BLUE, width=2)]
        parts += [_line(x - 7, end, x + 7, end, stroke=_BLUE, width=2) for end in (low, high)]
    parts.append(
        f'<circle cx="{_n(x)}" cy="{_n(y(point.value))}" r="5" fill="{_BLUE}" stroke="#fff" stroke-width="1.5"/>'
    )
    if told:
        parts.append(_text(x + 11, y(point.value) + 4.5, point.text, weight="600", halo=True))
    return parts


def _axis_line(left: float, y: float, text: str) -> str:
    return _line(left, y, _WIDTH - 20, y, stroke=_GRID) + _text(left - 8, y + 4.5, text, anchor="end", fill=_QUIET)


def _tolerance(left: float, y: float, name: str) -> list[str]:
    line = _line(left, y, _WIDTH - 20, y, stroke=_OCHRE, width=2, dash="7 5")
    return [line, _text(_WIDTH - 20, y - 6, name, anchor="end", fill=_OCHRE, weight="600", halo=True)]


def _wrapped(text: str, widest: int) -> list[str]:
    """Cut a text between words into lines of at most so many letters; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: Literal["start", "middle", "end"] = "start",
    fill: str = _INK,
    weight: str = "400",
    halo: bool = False,
) -> str:
    around = ' paint-order="stroke" stroke="#fff" stroke-width="4" stroke-linejoin="round"' if halo else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="13" font-weight="{weight}" '
        f'fill="{fill}"{around}>{escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, *, stroke: str, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{stroke}" stroke-width="{_n(width)}"{dashed}/>'
    )


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{_BLUE}"/>'


def _svg(width: float, height: float, parts: Sequence[str], picture: Picture) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
        f'width="{_n(width)}" height="{_n(height)}" role="img" font-family="{_FONT}">'
        f"<title>{escape(picture.title)}</title><desc>{escape(picture.description)}</desc>{''.join(parts)}</svg>"
    )


def _n(number: float) -> str:
    """Write a length with at most one decimal, so that the bytes do not depend on rounding in the last digit."""
    return f"{round(number, 1):g}"
