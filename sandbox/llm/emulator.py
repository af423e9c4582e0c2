"""The state of the emulated services, with the controls for tests.

Any thread may use it while the server answers in its own thread.
"""

import time
from collections.abc import Callable, Mapping
from threading import RLock

from sandbox.llm.admission import Admission
from sandbox.llm.faults import Fault, FaultScript
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Call, Provider
from sandbox.llm.quota import Quota, gauge_limit, hourly_limit
from sandbox.llm.request_log import LoggedRequest, Outcome, RequestLog
from sandbox.llm.settings import Limits, Pace
from sandbox.llm.stalls import StalledAnswers


class LanguageModelEmulator:
    """The key or the IAM token opens all models. YandexGPT's models are in `folder`."""

    def __init__(
        self,
        *,
        api_key: str = "demo-key",
        iam_token: str = "demo-iam-token",  # noqa: S107 - opens only the emulator
        folder: str = "demo",
        pace: Pace | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.api_key = api_key
        self.iam_token = iam_token
        self.folder = folder
        self._stalls = StalledAnswers()
        self._clock = clock
        self._lock = RLock()
        self._initial = (pace or Pace(), limits or Limits())
        self.reset()

    def reset(self) -> None:
        """Forget requests and faults, restore pace and limits, break off running answers."""
        with self._lock:
            self.pace, self.limits = self._initial
            self._faults = FaultScript()
            self._requests = RequestLog()
            self._quota = Quota(self._clock)
        self._stalls.begin_era()

    def release(self) -> None:
        """Continue the answers that stall now."""
        self._stalls.release()

    def close(self) -> None:
        """Break off running answers, before the server stops."""
        self._stalls.begin_era()

    def add_fault(self, fault: Fault) -> None:
        with self._lock:
            self._faults.add(fault)

    def faults(self) -> list[Fault]:
        """Return the faults that have not happened yet, with the remaining times."""
        with self._lock:
            return list(self._faults)

    def clear_faults(self) -> None:
        with self._lock:
            self._faults = FaultScript()

    def requests(self, call: Call | None = None) -> list[LoggedRequest]:
        """Return copies of the logged requests, oldest first."""
        with self._lock:
            logged = self._requests.snapshot()
        return [request for request in logged if call in (None, request.call)]

    @property
    def running(self) -> int:
        """The number of running answers of YandexGPT."""
        return self._quota.running

    @property
    def stalled(self) -> int:
        """The number of answers that stall."""
        return len(self._stalls)

    def log_request(
        self, provider: Provider, call: Call, headers: Mapping[str, str]
    ) -> LoggedRequest:
        """Log a new request."""
        with self._lock:
            logged = self._requests.begin(provider, call, self._clock())
        logged.client_request_id = headers.get("x-client-request-id")
        logged.data_logging = headers.get("x-data-logging-enabled", "true").lower() != "false"
        return logged

    def admit(self, logged: LoggedRequest, text: str) -> Admission:
        """Admit a valid request. Raises Refused for a fault and when a limit is reached."""
        is_limited = (logged.provider, logged.call) == (Provider.YANDEXGPT, Call.COMPLETION)
        with self._lock:
            fault = self._faults.take(logged.provider, logged.call, text)
            if fault:
                self._refuse(fault)
            quota = self._quota if is_limited else None
            if quota:
                quota.enter(self.limits)
            return Admission(logged, self.pace, self._stalls, self._clock, fault, quota)

    def end(self, logged: LoggedRequest, outcome: Outcome) -> None:
        """Note the end of a request that was not admitted."""
        logged.end(outcome, self._clock())

    def _refuse(self, fault: Fault) -> None:
        problem = fault.kind.problem
        if problem is Problem.GAUGE_LIMIT:
            raise gauge_limit(self.limits)
        if problem is Problem.HOURLY_LIMIT:
            raise hourly_limit(self.limits)
        if problem:
            raise Refused(problem)
