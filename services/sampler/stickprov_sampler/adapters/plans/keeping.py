"""The small commands of the plan: close a period, publish a questionnaire, list the staff.

What must not break: the stored answer of a staff list holds no name, because answers cannot be erased.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import QuestionnairePublished, StaffListed
from stickprov_contracts.http.plans import ClosedPeriod, ListStaff, Person, PublishedQuestionnaire, StaffPreview
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_contracts.streams import STAFF_STREAM, questionnaire_stream
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.http.identity import actor_pseudonym
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, History, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.period import parse_period
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.open_periods import closing_alone
from stickprov_sampler.adapters.plans.reading import PlanLog
from stickprov_sampler.adapters.plans.statements import keep_names
from stickprov_sampler.adapters.streams import appended, plan_of
from stickprov_sampler.domain.plan import closing
from stickprov_sampler.domain.questionnaire import publishing
from stickprov_sampler.domain.staff import listing


@dataclass(frozen=True, slots=True)
class Keeping:
    """Carries the commands out.

    Attributes:
        sealing: seals names and addresses.
        staff_key: makes the pseudonyms of sign-in names.
        closed: hears the id of the event by which a period was closed.
    """

    store: EventStore
    log: PlanLog
    sealing: Sealing
    staff_key: bytes
    closed: Callable[[UUID], None]

    async def close(self, context: CommandContext, plan: str, label: str) -> Receipt:
        """Close a period of a plan; the receipt's answer is a ``ClosedPeriod``.

        Raises:
            PeriodUnclearError: the label is no period.
            PlanUnknownError: there is no such plan.
        """
        command = closing.Close(plan, parse_period(label))

        async def attempt() -> Receipt:
            history, state = await plan_of(self.store, plan)
            events = closing.decide(command, state)
            points = state.adopted.control_points if state.adopted else []
            answer = ClosedPeriod(plan=plan, period=command.period, control_points=points)
            appends = appended(history, events)
            receipt = await self.store.commit(
                context, appends, answer.model_dump_json().encode(), also=[closing_alone(plan)] if events else []
            )
            if not receipt.repeated:
                for pending in (one for append in appends for one in append.events):
                    self.closed(pending.id)
            return receipt

        return await carry_out(self.store, context, attempt)

    async def publish(self, context: CommandContext, questionnaire: str, content: Questionnaire) -> Receipt:
        """Publish a questionnaire; the receipt's answer is a ``PublishedQuestionnaire``.

        Raises:
            QuestionnaireUnfitError: names every fault by its path.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        history = await self.store.load(questionnaire_stream(questionnaire))
        newest = _newest(history)
        events = publishing.decide(publishing.Publish(questionnaire, content), newest)
        answer = _published(_held(events, newest)).model_dump_json()
        return await self._commit(context, history, events, answer)

    async def preview(self, questionnaire: str, content: Questionnaire) -> PublishedQuestionnaire:
        """Return what publishing would answer; nothing is stored.

        Raises:
            QuestionnaireUnfitError: names every fault by its path.
        """
        newest = _newest(await self.store.load(questionnaire_stream(questionnaire)))
        held = _held(publishing.decide(publishing.Publish(questionnaire, content), newest), newest)
        return _published(held)

    async def questionnaires(self) -> list[PublishedQuestionnaire]:
        """Return the newest version of every questionnaire, by id."""
        found = {
            recorded.event.questionnaire: recorded.event
            for recorded in await self.log.happened(QuestionnairePublished)
            if isinstance(recorded.event, QuestionnairePublished)
        }
        return [_published(found[id_]) for id_ in sorted(found)]

    async def questionnaire(self, questionnaire: str, number: int | None) -> PublishedQuestionnaire:
        """Return one version of a questionnaire, the newest when none is named.

        Raises:
            NotFoundError: there is none.
        """
        history = await self.store.load(questionnaire_stream(questionnaire))
        versions = [one.event for one in history.events if isinstance(one.event, QuestionnairePublished)]
        wanted = [one for one in versions if number is None or one.number == number]
        if not wanted:
            raise NotFoundError(f"There is no questionnaire {questionnaire} with that version.")
        return _published(wanted[-1])

    async def list_staff(self, context: CommandContext, request: ListStaff) -> Receipt:
        """Make this the staff list; the receipt's answer is a ``StaffListedAnswer``.

        Raises:
            StaffListUnfitError: names the places of people who stand twice.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        members = listing.members_of(request.staff, self._pseudonym())
        people = self._identified(request)
        history = await self.store.load(STAFF_STREAM)
        newest = _list_of(history)
        events = listing.decide(members, newest)
        answer = listing.difference(members, newest, history.version + len(events))
        return await self.store.commit(
            context, appended(history, events), answer.model_dump_json().encode(), also=keep_names(self.sealing, people)
        )

    async def staff(self) -> list[Person]:
        """Return the staff list with what the vault knows of each."""
        listed = _list_of(await self.store.load(STAFF_STREAM))
        return listing.people(listed.staff if listed else (), await self.log.names())

    async def preview_staff(self, request: ListStaff) -> StaffPreview:
        """Return who would be added, changed and leave; nothing is stored.

        Raises:
            StaffListUnfitError: names the places of people who stand twice.
        """
        members = listing.members_of(request.staff, self._pseudonym())
        identified = {one.pseudonym: one for one in self._identified(request)}
        changes = listing.changes(await self.staff(), listing.people(members, identified))
        return StaffPreview(listed=len(members), changes=changes)

    def _identified(self, request: ListStaff) -> list[listing.Identified]:
        pseudonym = self._pseudonym()
        return [
            listing.Identified(pseudonym(person.sign_in), person.sign_in, person.name, person.email)
            for person in request.staff
        ]

    def _pseudonym(self) -> Callable[[str], str]:
        return lambda sign_in: actor_pseudonym(self.staff_key, sign_in)

    async def _commit(self, context: CommandContext, history: History, events: Sequence[Event], answer: str) -> Receipt:
        return await self.store.commit(context, appended(history, events), answer.encode())


def _newest(history: History) -> QuestionnairePublished | None:
    found = [one.event for one in history.events if isinstance(one.event, QuestionnairePublished)]
    return found[-1] if found else None


def _held(events: Sequence[Event], newest: QuestionnairePublished | None) -> QuestionnairePublished:
    """Return the version that holds after the events."""
    held = next((one for one in events if isinstance(one, QuestionnairePublished)), newest)
    if held is None:
        raise TypeError("a published questionnaire has a version")
    return held


def _list_of(history: History) -> StaffListed | None:
    found = [one.event for one in history.events if isinstance(one.event, StaffListed)]
    return found[-1] if found else None


def _published(event: QuestionnairePublished) -> PublishedQuestionnaire:
    content = Questionnaire.model_validate(event.content)
    return PublishedQuestionnaire(questionnaire=event.questionnaire, number=event.number, content=content)
