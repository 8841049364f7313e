"""Where each column of a register file goes, in words, in the command and on the page alike."""

from collections.abc import Sequence
from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.sampler import ColumnSeen, FrameOptions

_VAULT: Final = marked("to the vault")
_PSEUDONYM: Final = marked("to the vault, as a pseudonym in the frame")
_CLEAR: Final = marked("in clear in the frame")
_COUNTED: Final = marked("as a number in the frame")
_DROPPED: Final = marked("left out")


def where_columns_go(columns: Sequence[ColumnSeen], options: FrameOptions, language: Language) -> list[tuple[str, str]]:
    """Return each column's name with where it goes, in the file's order."""
    say = texts(language).gettext
    places = _places(columns, options)
    return [(column.name, say(places.get(column.name, _DROPPED))) for column in columns]


def _places(columns: Sequence[ColumnSeen], options: FrameOptions) -> dict[str, str]:
    """Return where the columns go that go anywhere; the one that tells most of a person has the last word."""
    first = columns[0].name if columns else None
    chosen = [
        *((name, _CLEAR) for name in (options.month_column, options.stratum_column, options.unit_column)),
        *((name, _CLEAR) for name in options.kept_columns),
        (options.subunits_column, _COUNTED),
        *((name, _VAULT) for name in options.identity_columns),
        *((name, _VAULT) for name in (options.personal_number_column, options.protection_column)),
        *((name, _PSEUDONYM) for name in (options.handler_column, options.subunit_ids_column)),
        (options.unit_id_column or first, _PSEUDONYM),
    ]
    return {name: place for name, place in chosen if name is not None}
