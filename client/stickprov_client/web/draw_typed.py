"""What was typed into the forms of a draw, as the API has it. What cannot be read is left as it is, to be refused."""

from typing import Final

from stickprov_client.language.typed_shares import share_of
from stickprov_client.web.forms import Form

SHARES: Final = ("rate", "shift")
_NUMBERS: Final = ("n", "per_stratum", "per_group", "interval")
_TEXTS: Final = ("frame", "design", "allocate", "sort_key", "size_column", "seed")
_FLAGS: Final = ("panel", "secret")


def draw_fields(form: Form, *, shares: tuple[str, ...] = SHARES) -> dict[str, object]:
    """Return what was typed as the API has it; a field without anything in it is left out."""
    fields: dict[str, object] = {name: form.value(name) for name in _TEXTS if form.value(name)}
    fields |= {name: _number(form.value(name)) for name in _NUMBERS if form.value(name)}
    fields |= {name: _share(form.value(name)) for name in shares if form.value(name)}
    fields |= {name: True for name in _FLAGS if form.value(name) == "yes"}
    columns = [name.strip() for name in form.value("stratify_by").split(",") if name.strip()]
    if columns:
        fields["stratify_by"] = columns
    fields |= {
        name: rows for name, rows in (("allocation", _parts(form)), ("standard_deviations", _spreads(form))) if rows
    }
    return fields


def extension_fields(form: Form) -> dict[str, object]:
    """Return how many more are asked for."""
    fields: dict[str, object] = {name: _number(form.value(name)) for name in ("n", "per_stratum") if form.value(name)}
    rows = _parts(form)
    return fields | ({"allocation": rows} if rows else {})


def _parts(form: Form) -> list[dict[str, object]]:
    return [{"stratum": stratum, "n": _number(number)} for stratum, number in _pairs(form.value("allocation"))]


def _spreads(form: Form) -> list[dict[str, object]]:
    pairs = _pairs(form.value("standard_deviations"))
    return [{"stratum": stratum, "value": value.replace(",", ".")} for stratum, value in pairs]


def _pairs(text: str) -> list[tuple[str, str]]:
    rows = [line.rpartition("=") for line in text.splitlines() if line.strip()]
    return [(name.strip(), value.strip()) for name, _, value in rows]


def _share(text: str) -> object:
    try:
        return share_of(text)
    except ValueError:
        return text


def _number(text: str) -> object:
    digits = "".join(text.split())
    return int(digits) if digits.isascii() and digits.isdigit() else text
