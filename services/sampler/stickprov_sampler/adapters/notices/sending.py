"""Telling reviewers by e-mail that cases wait for them. The sampler does it, because the vault has the addresses.

What must not break: the stored answer holds pseudonyms only. A command that is given again is answered and not sent
again, unless the service died between sending and storing.
"""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.http.notices import NoticesSent, SendNotices
from stickprov_kernel.errors import ConflictError
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.notices.mail import Letter, MailServer, deliver
from stickprov_sampler.adapters.notices.wording import Language, subject_and_body
from stickprov_sampler.adapters.plans.reading import PlanLog


class NoticesOffError(ConflictError):
    """No mail server has been set up."""

    code: ClassVar[str] = "notices-off"
    title: ClassVar[str] = "Notices by e-mail are turned off"


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends notices.

    Attributes:
        server: None where notices are off.
        queue: address of the queue in the web client.
    """

    store: EventStore
    log: PlanLog
    server: MailServer | None
    queue: str
    language: Language

    async def send(self, context: CommandContext, request: SendNotices) -> Receipt:
        """Send notices; the receipt's answer is a ``NoticesSent``.

        Raises:
            NoticesOffError: no mail server has been set up.
            MailServerUnavailableError: it does not answer; nothing was sent.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        if self.server is None:
            raise NoticesOffError(
                "Operations has not set up a mail server here. Send the list of cases in another way."
            )
        addresses = {one.pseudonym: one.email for one in (await self.log.names()).values() if one.email}
        reached = [notice for notice in request.notices if notice.reviewer in addresses]
        letters = []
        for notice in reached:
            said = subject_and_body(self.language, request.purpose, request.control_point, notice.cases, self.queue)
            letters.append(Letter(addresses[notice.reviewer], *said))
        taken = await asyncio.to_thread(deliver, self.server, letters) if letters else []
        answer = NoticesSent(
            sent=sum(taken),
            without_address=[one.reviewer for one in request.notices if one.reviewer not in addresses],
            not_taken=[one.reviewer for one, ok in zip(reached, taken, strict=True) if not ok],
        )
        return await self.store.commit(context, [], answer.model_dump_json().encode())
