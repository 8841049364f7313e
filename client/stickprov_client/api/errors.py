"""How a call can fail: the service says no, cannot be reached, or does not speak our language."""

from stickprov_contracts.problems import Problem


class ClientError(Exception):
    """A call did not lead to an answer."""


class ApiProblem(ClientError):  # noqa: N818 - named after what it carries
    """The service answered with a problem.

    Attributes:
        problem: what the service said, as RFC 9457 has it.
        service: the service's short name.
        correlation_id: what the service's log lines about this call carry, if it told.
    """

    def __init__(self, problem: Problem, *, service: str, correlation_id: str | None = None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.service = service
        self.correlation_id = correlation_id

    @property
    def is_our_fault(self) -> bool:
        """Whether the request was wrong (4xx), so that the same request will never do."""
        return 400 <= self.problem.status < 500  # noqa: PLR2004 - the range of HTTP's client errors


class Unreachable(ClientError):  # noqa: N818 - says the situation
    """Nobody answers at the address, after every retry.

    Attributes:
        url: the address. reason: what the connection attempt said.
    """

    def __init__(self, service: str, url: str, reason: str) -> None:
        super().__init__(f"{service} does not answer at {url} ({reason}).")
        self.service = service
        self.url = url
        self.reason = reason


class MalformedAnswer(ClientError):  # noqa: N818 - says the situation
    """Something answers, but not what the contract promises: another program, or another version."""

    def __init__(self, service: str, url: str, reason: str) -> None:
        super().__init__(f"{service} at {url} answered something else than expected: {reason}")
        self.service = service
        self.url = url
        self.reason = reason
