"""``docs/reference/problems.md``: every code that a service refuses with, read off the classes of the errors."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from stickprov_client.language.problems import title_of
from stickprov_contracts.problems import Problem
from stickprov_kernel.errors import StickprovError
from support.reference_pages.markdown import prose, table

PAGE: Final = "docs/reference/problems.md"
_PACKAGES: Final = ("stickprov_kernel", "stickprov_sampler", "stickprov_findings", "stickprov_reporting")
_ADVICE: Final = {
    400: "The request cannot be read at all. Mend the program that sent it.",
    401: "Sign in, or get a new token; `WWW-Authenticate` says which.",
    403: "Somebody else has to do it, or the right must be given at the sign-in.",
    404: "Look for a misspelt name. What was made a moment ago may not have been heard of yet: ask again.",
    405: "Another method goes with this address.",
    409: "The request is right in itself but does not fit what has happened. Read again, and decide again.",
    412: "Read it again: it is another than the one you saw.",
    413: "Send less at once, or by the command, which takes larger files than the pages do.",
    422: "Correct what `errors` names and send it again, as a new command.",
    428: "Say which version you saw (`If-Match`), so that nothing is overwritten unseen.",
    429: "Wait as many seconds as `Retry-After` says.",
    500: "A fault of ours. It stands in the service's log under the answer's `X-Correlation-ID`.",
    503: "Something is away for now. Send the same command, with the same key, again after `Retry-After`.",
}
_HEAD: Final = """# Problems

What a service says no with, by status and code. This page is generated from the errors themselves; `make reference`
makes it again.

A refusal is an RFC 9457 problem, `application/problem+json`. `code` never changes its meaning, and programs and
translations go by it; `detail` tells this occurrence and what to do; `errors` has each field, row or option at
fault with a code and a sentence of its own.

```json
{
  "type": "urn:stickprov:problem:stale-version",
  "title": "This has changed since you read it",
  "status": 412,
  "detail": "…",
  "code": "stale-version",
  "errors": [],
  "current_version": 3
}
```

The command ends with exit code 2 for 4xx and with 1 for 5xx. How the edge decides:
[architecture/http.md](../architecture/http.md).
"""


def page() -> str:
    """Return the page."""
    by_status: dict[int, dict[str, list[type[StickprovError]]]] = defaultdict(lambda: defaultdict(list))
    for error in errors():
        by_status[error.status][error.code].append(error)
    parts = [_HEAD]
    for status, codes in sorted(by_status.items()):
        rows = (_row(code, kinds) for code, kinds in sorted(codes.items()))
        heading = f"\n## {status} {HTTPStatus(status).phrase}\n\n{_ADVICE[status]}\n\n"
        parts.append(heading + table(("Code", "Title", "På svenska", "From", "When"), rows))
    return "".join(parts)


def errors() -> list[type[StickprovError]]:
    """Return every error that a service can answer with."""
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)
    # What tests define for themselves is no part of the services.
    found = {error for error in _below(StickprovError) if error.__module__.startswith(_PACKAGES)}
    return sorted(found, key=lambda error: (error.status, error.code, error.__module__, error.__qualname__))


def _below(error: type[StickprovError]) -> Iterator[type[StickprovError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from _below(kind)


def _row(code: str, kinds: list[type[StickprovError]]) -> tuple[str, ...]:
    whose = {kind.__module__.split(".")[0].removeprefix("stickprov_") for kind in kinds}
    said = dict.fromkeys(prose(kind.__doc__).split("\n\n")[0] for kind in kinds)
    origin = "all" if "kernel" in whose else ", ".join(sorted(whose))
    return f"`{code}`", kinds[0].title, _swedish(kinds[0]), origin, " ".join(said)


def _swedish(error: type[StickprovError]) -> str:
    problem = Problem(type="", title=error.title, status=error.status, detail="", code=error.code)
    return title_of(problem, "sv")
