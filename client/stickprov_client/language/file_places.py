"""Where in a file something is wrong, and what, in the reader's language."""

from stickprov_client.documents.faults import FileFault
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import Language, texts


def place_told(fault: FileFault, language: Language) -> str:
    """Return a fault with its line and field, or its row and column."""
    say = texts(language).gettext
    message = told(fault.message, language)
    if fault.number is None:
        return message[:1].upper() + message[1:]
    if fault.unit == "line":
        place = say("Line {number}, field {field}") if fault.field else say("Line {number}")
    else:
        place = say("Row {number}, column {field}") if fault.field else say("Row {number}")
    return f"{place.format(number=fault.number, field=fault.field)}: {message}"
