"""The metrics of the bot. No label names a user: the number of users has no bound."""

from prometheus_client import Counter, Histogram

from okno.kit.metrics import REGISTRY

UPDATE_SECONDS = Histogram(
    "okno_update_seconds",
    "Time from the start of an update's handling to its end.",
    ["type", "outcome"],
    registry=REGISTRY,
)
TELEGRAM_CALLS = Counter(
    "okno_telegram_calls_total",
    "Calls of the Bot API by their outcome: ok, or the class of the error.",
    ["method", "outcome"],
    registry=REGISTRY,
)
ANSWER_FRAMES = Counter(
    "okno_answer_frames_total",
    "Frames of growing answers by the way they are shown, sent or dropped.",
    ["way", "outcome"],
    registry=REGISTRY,
)
FIRST_TEXT_SECONDS = Histogram(
    "okno_first_text_seconds",
    "Time from the beginning of an answer to its first text on the screen.",
    registry=REGISTRY,
)
