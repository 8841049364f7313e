"""Reminders in words."""

from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.schedules import Reminder


def reminder_text(reminder: Reminder, language: Language) -> str:
    """Say what is missing, such as ``frame missing for March 2021``."""
    say = texts(language).gettext
    message = say("frame missing for {month}") if reminder.missing == "frame" else say("draw missing for {month}")
    return message.format(month=month_name(reminder.month, language))
