"""Points in time as people in Sweden read them on the wall."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from stickprov_client.language.translations import Language

_HERE: Final = ZoneInfo("Europe/Stockholm")
_CLOCK: Final = {"sv": "HH.mm", "en": "HH:mm"}
_SECONDS: Final = {"sv": ".ss", "en": ":ss"}


def moment(time: datetime, language: Language) -> str:
    """Write a point in time as ``12 mars 2021 kl. 10.32`` or ``12 March 2021 at 10:32``."""
    there = time.astimezone(_HERE)
    day = format_date(there.date(), "d MMMM y", locale=language)
    return f"{day} {'kl.' if language == 'sv' else 'at'} {clock(time, language)}"


def instant(text: str, language: Language) -> str:
    """Write a time of an envelope, RFC 3339, as ``moment`` does, with its seconds; what is no time stays as it is."""
    try:
        there = datetime.fromisoformat(text).astimezone(_HERE)
    except ValueError:
        return text
    seconds = format_time(there, _CLOCK[language] + _SECONDS[language], tzinfo=_HERE, locale=language)
    return f"{format_date(there.date(), 'd MMMM y', locale=language)} {'kl.' if language == 'sv' else 'at'} {seconds}"


def clock(time: datetime, language: Language) -> str:
    """Write the time of day as ``10.32`` or ``10:32``."""
    return format_time(time.astimezone(_HERE), _CLOCK[language], tzinfo=_HERE, locale=language)
