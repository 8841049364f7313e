"""The content of an event, as the pages show it."""

import json


def content_of(data: object) -> str:
    """Return an event's content as indented JSON; empty for content that is none."""
    return "" if data is None else json.dumps(data, ensure_ascii=False, indent=2)
