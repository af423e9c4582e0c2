"""The objects of the API in the container; each exists once per process."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from api.activity import Activity
from api.audit import Audit
from api.config import BotApiSettings
from api.draining import Draining
from api.gauges import Gauges
from api.health import PublicHealth
from api.limits import Limiter
from api.problem_answers import ProblemAnswers
from api.streaming import Streams
from api.telegram import NoStars, Telegram
from api.texts import Texts, load_texts
from okno.billing.port import Stars


class ApiProvider(Provider):
    scope = Scope.APP

    activity = provide(Activity)
    audit = provide(Audit)
    draining = provide(Draining)
    health = provide(PublicHealth)
    limiter = provide(Limiter)
    gauges = provide(Gauges)
    problems = provide(ProblemAnswers)
    stars = provide(NoStars, provides=Stars)
    streams = provide(Streams)

    @provide
    def texts(self) -> Texts:
        return load_texts()

    @provide
    async def telegram(self, settings: BotApiSettings) -> AsyncIterator[Telegram]:
        telegram = Telegram(settings)
        yield telegram
        await telegram.close()
