"""Writes a conversation as a Markdown file."""

from aiogram_i18n import I18nContext

from okno.assistant.dto import ConversationExport, Message, MessageRole


def to_markdown(exported: ConversationExport, model: str, i18n: I18nContext) -> str:
    """Write title, date and model, then every message as it was written; times are in UTC."""
    head = i18n.get("export-head", date=exported.created_at.date(), model=model)
    messages = (_section(message, i18n) for message in exported.messages)
    return "\n\n".join([f"# {exported.title}", head, *messages]) + "\n"


def _section(message: Message, i18n: I18nContext) -> str:
    who = "export-question" if message.role is MessageRole.USER else "export-answer"
    return f"---\n\n**{i18n.get(who)}**, {message.created_at:%Y-%m-%d %H:%M}\n\n{message.text}"
