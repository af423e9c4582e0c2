"""The assistant, declared for the assembly."""

from okno.assistant import models
from okno.assistant.config import AssistantSettings, check_hold
from okno.assistant.jobs import JOBS
from okno.assistant.personal_data import AssistantData
from okno.assistant.provider import AssistantProvider
from okno.assistant.scopes import CHAT, CONTEXT
from okno.kit.capability import Capability

ASSISTANT = Capability(
    name="assistant",
    provider=AssistantProvider,
    sections=(AssistantSettings,),
    models=models,
    personal_data=AssistantData,
    jobs=JOBS,
    scopes=(CHAT, CONTEXT),
    check=check_hold,
)
