"""From one case's page to the next, as 20 reviewers at the same time have it, on the whole local stack.

A reviewer answers eight questions, sends the form and has the next page in full: sending, storing, the redirect, who
the case is (asked of the vault and recorded there) and the page itself. Between two cases they think. The bar is on
our own time, so the clock runs from the request to the last byte of the page.
"""

import asyncio
import random
import re
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx

from bench.rounds import parts_of
from bench.table import Row
from stickprov_client.api.connections import new_connections
from support.review_cases import CaseMaker, Cases
from support.stack import LocalStack

REVIEWERS: Final = 20
ACCOUNTS: Final = 12
CASES: Final = 10
ROUNDS: Final = 5
"""The first two cases of everybody are the first round, and so on."""
THINKING: Final = (2.0, 4.0)
"""Seconds between two cases: fewer than anybody needs for eight questions."""
QUESTIONS: Final = Path(__file__).parents[1] / "seeds" / "review" / "atta.yaml"

_MOST: Final = 100.0
"""Milliseconds."""

_FIELD: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def run() -> list[Row]:
    """Return the rows on pages."""
    with tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(Path(folder))
        stack.start()
        try:
            maker = CaseMaker(stack.url, stack.token)
            given = [
                maker.make(QUESTIONS, count=CASES + 1, reviewer=f"reviewer-{number % ACCOUNTS + 1:02}")
                for number in range(REVIEWERS)
            ]
            taken = [1000 * seconds for seconds in asyncio.run(review_all(stack.url, given))]
        finally:
            stack.close()
    work, against = f"page to next page, {REVIEWERS} reviewers at once", "100 ms"
    return [
        Row(f"{work}, median", against, "ms", parts_of(taken, parts=ROUNDS), [_MOST], "page"),
        Row(f"{work}, 95 of 100", against, "ms", parts_of(taken, 0.95, ROUNDS), [_MOST]),
    ]


async def review_all(
    url: str, given: list[Cases], *, cases: int = CASES, thinking: tuple[float, float] = THINKING
) -> list[float]:
    """Return the seconds of every change of page: everybody's first, then everybody's second, and so on."""
    everybody = (_review(url, own, random.Random(number), cases, thinking) for number, own in enumerate(given))
    found = await asyncio.gather(*everybody)
    return [seconds for together in zip(*found, strict=True) for seconds in together]


async def _review(
    url: str, own: Cases, chance: random.Random, cases: int, thinking: tuple[float, float]
) -> list[float]:
    taken = []
    async with new_connections(url, timeout=httpx.Timeout(60)) as browser:
        await _sign_in(browser, own.reviewer)
        address = own.path(0)
        shown = (await browser.get(address)).text
        for _ in range(cases):
            await asyncio.sleep(chance.uniform(*thinking))
            start = time.perf_counter()
            answer = await browser.post(address, data=_filled_in(shown), follow_redirects=True)
            taken.append(time.perf_counter() - start)
            if answer.status_code != httpx.codes.OK or "done=" not in str(answer.url):
                raise RuntimeError(f"{answer.status_code} at {answer.url}")
            address, shown = answer.url.path, answer.text
    return taken


async def _sign_in(browser: httpx.AsyncClient, account: str) -> None:
    form = dict(_FIELD.findall((await browser.get("/sign-in")).text))
    answer = await browser.post("/sign-in", data={"form-token": form["form-token"], "account": account})
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"{account} could not sign in: {answer.status_code}")


def _filled_in(page: str) -> dict[str, str]:
    # The sign-out form comes before the case's and has the same token.
    answers = {f"answers.q{number}": "yes" for number in range(1, 9)}
    return dict(_FIELD.findall(page)) | answers | {"action": "submit"}
