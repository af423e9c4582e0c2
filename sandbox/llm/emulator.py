"""The state of the emulated services, and what a test arranges and looks at.

It may be used from any thread, while the server answers in its own.
"""

import time
from collections.abc import Callable, Mapping
from threading import RLock

from sandbox.llm.admission import Admission
from sandbox.llm.faults import Fault, FaultScript
from sandbox.llm.kept import KeptRequest, Outcome, RequestLog
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Call, Provider
from sandbox.llm.quota import Quota, gauge_limit, hourly_limit
from sandbox.llm.settings import Limits, Pace
from sandbox.llm.waits import Waits


class LanguageModelEmulator:
    """Who has the key, or the IAM token, may use the models; YandexGPT's are in the folder."""

    def __init__(
        self,
        *,
        api_key: str = "demo-key",
        iam_token: str = "demo-iam-token",  # noqa: S107 - opens nothing
        folder: str = "demo",
        pace: Pace | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.api_key = api_key
        self.iam_token = iam_token
        self.folder = folder
        self._waits = Waits()
        self._clock = clock
        self._lock = RLock()
        self._usual = (pace or Pace(), limits or Limits())
        self.reset()

    def reset(self) -> None:
        """Forget requests and faults, go back to the first pace and limits, give answers up."""
        with self._lock:
            self.pace, self.limits = self._usual
            self._faults = FaultScript()
            self._requests = RequestLog()
            self._quota = Quota(self._clock)
        self._waits.begin_era()

    def release(self) -> None:
        """Let the answers that stall now go on."""
        self._waits.release()

    def close(self) -> None:
        """The server goes down: give up the answers in the making."""
        self._waits.begin_era()

    def add_fault(self, fault: Fault) -> None:
        with self._lock:
            self._faults.add(fault)

    def faults(self) -> list[Fault]:
        """Those that have not happened yet, with the times that are left."""
        with self._lock:
            return list(self._faults)

    def clear_faults(self) -> None:
        with self._lock:
            self._faults = FaultScript()

    def requests(self, call: Call | None = None) -> list[KeptRequest]:
        """The newest, oldest first: copies, which don't change when an answer goes on."""
        with self._lock:
            kept = self._requests.snapshot()
        return [request for request in kept if call in (None, request.call)]

    @property
    def running(self) -> int:
        """YandexGPT's answers in the making."""
        return self._quota.running

    @property
    def stalled(self) -> int:
        """Answers that wait for `release`, or for their time."""
        return len(self._waits)

    def keep(self, provider: Provider, call: Call, headers: Mapping[str, str]) -> KeptRequest:
        """Note a request that has come."""
        with self._lock:
            kept = self._requests.begin(provider, call, self._clock())
        kept.client_request_id = headers.get("x-client-request-id")
        kept.data_logging = headers.get("x-data-logging-enabled", "true").lower() != "false"
        return kept

    def admit(self, kept: KeptRequest, text: str) -> Admission:
        """Let a valid request in; raises Refused for a fault or for want of room."""
        is_limited = (kept.provider, kept.call) == (Provider.YANDEXGPT, Call.COMPLETION)
        with self._lock:
            fault = self._faults.take(kept.provider, kept.call, text)
            if fault:
                self._refuse(fault)
            quota = self._quota if is_limited else None
            if quota:
                quota.enter(self.limits)
            return Admission(kept, self.pace, self._waits, self._clock, fault, quota)

    def end(self, kept: KeptRequest, outcome: Outcome) -> None:
        """Note how a request ended that was not let in."""
        kept.end(outcome, self._clock())

    def _refuse(self, fault: Fault) -> None:
        problem = fault.kind.problem
        if problem is Problem.GAUGE_LIMIT:
            raise gauge_limit(self.limits)
        if problem is Problem.HOURLY_LIMIT:
            raise hourly_limit(self.limits)
        if problem:
            raise Refused(problem)
