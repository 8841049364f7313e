"""Bearer tokens that lie in files."""

from pathlib import Path


def token_in(file: Path) -> str | None:
    """Read the token anew at each call: the local stack renews it. Without one the services say what is missing."""
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return None
