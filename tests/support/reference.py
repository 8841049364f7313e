"""The generated reference documents, made from the code; ``make reference`` writes them, a test compares them."""

import subprocess
import sys
from pathlib import Path

from stickprov_client.web.settings import WebSettings
from stickprov_contracts import published
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.settings_table import render
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler.settings import SamplerSettings
from support import authorisation, dashboards, privileges, round_trips
from support.reference_pages import api, commands, events, metrics, problems

ROOT = Path(__file__).parents[2]
SERVICES = ("sampler", "findings", "reporting")

_SETTINGS = """# Settings

Environment variables, named `STICKPROV_<SERVICE>_<NAME>`. A service with a missing, wrong or misspelt one does not
start, and names all of them at once. This page is generated; `make reference` makes it again.

**Values in files.** The services (not `web`, which has no such secret) read a *text* or *secret* from a file, too,
where `STICKPROV_<SERVICE>_<NAME>_FILE` names one: `STICKPROV_SAMPLER_STAFF_KEY_FILE=/run/secrets/staff-key`. The file
is read when the service starts, without the white space at its ends. Giving both is refused.

"""


def documents() -> dict[str, str]:
    """Return each generated document by its path below the repository's root."""
    documents = {
        "docs/reference/settings.md": _SETTINGS
        + render([SamplerSettings, FindingsSettings, ReportingSettings, WebSettings])
    }
    documents["docs/reference/authorisation.md"] = authorisation.document()
    documents[round_trips.PAGE] = round_trips.page()
    documents |= {commands.PAGE: commands.page(), events.PAGE: events.page(), problems.PAGE: problems.page()}
    documents |= api.pages()
    documents |= dashboards.documents()
    for service in SERVICES:
        documents[f"contracts/schemas/openapi/{service}.json"] = openapi(service)
    return documents


def openapi(service: str) -> str:
    """Return a service's OpenAPI document as its own command prints it, without settings or servers."""
    command = [sys.executable, "-m", f"stickprov_{service}", "openapi"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    # The page of events tells the release of each, which the schemas' folder remembers.
    broken = published.write(ROOT / "contracts" / "schemas")
    for path, text in (documents() | {privileges.PAGE: privileges.page(), metrics.PAGE: metrics.page()}).items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    sys.exit("\n".join(broken) or 0)
