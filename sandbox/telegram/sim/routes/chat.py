"""Actions of a user in a chat."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from sandbox.telegram.core.callbacks import CallbackAnswer
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.views import message_view
from sandbox.telegram.errors import SimError
from sandbox.telegram.shapes import Wire
from sandbox.telegram.sim.schemas.actions import (
    Click,
    ClickResult,
    NewMessage,
    NewPayment,
    PaymentOutcome,
)
from sandbox.telegram.sim.schemas.transcript import MessageView
from sandbox.telegram.sim.waiting import wait_for_answer, wait_for_payment


def chat_router(emulator: Emulator) -> APIRouter:
    router = APIRouter(prefix="/chats/{chat_id}", tags=["chat"])

    @router.post("/messages", status_code=201, response_model=MessageView)
    async def say(chat_id: int, new: NewMessage) -> Wire:
        """Writes a message to the bot; a command is an ordinary text."""
        message = emulator.say(chat_id, new.text, new.user_id)
        return message_view(emulator.world, message)

    @router.post("/files", status_code=201, response_model=MessageView)
    async def upload(
        chat_id: int,
        kind: Annotated[str, Form(description="photo, document or voice")],
        file: Annotated[UploadFile, File()],
        caption: Annotated[str | None, Form()] = None,
    ) -> Wire:
        """Sends a file to the bot."""
        message = emulator.upload(
            chat_id,
            kind=kind,
            filename=file.filename or kind,
            content=await file.read(),
            caption=caption,
            content_type=file.content_type,
        )
        return message_view(emulator.world, message)

    @router.post("/clicks")
    async def click(chat_id: int, new: Click) -> ClickResult:
        """Presses a button under a message and waits for the bot's answer."""
        query_id = emulator.click(
            chat_id, new.message_id, text=new.text, data=new.data, user_id=new.user_id
        )
        return _result(query_id, await wait_for_answer(emulator, query_id, new.wait))

    @router.post("/payments")
    async def pay(chat_id: int, new: NewPayment) -> PaymentOutcome:
        """Pays an invoice and waits for the bot, which must agree within ten seconds."""
        query_id = _start_payment(emulator, chat_id, new)
        result = await wait_for_payment(emulator, query_id)
        return PaymentOutcome(
            pre_checkout_query_id=query_id,
            receipt_id=result.receipt_id,
            error=result.error,
        )

    @router.post("/stop", status_code=204)
    async def stop(chat_id: int) -> None:
        """Presses Stop on the draft."""
        emulator.stop(chat_id)

    @router.post("/block", status_code=204)
    async def block(chat_id: int) -> None:
        """Blocks the bot for the user: all its messages are refused with 403."""
        emulator.block(chat_id)

    @router.post("/unblock", status_code=204)
    async def unblock(chat_id: int) -> None:
        emulator.unblock(chat_id)

    return router


def _start_payment(emulator: Emulator, chat_id: int, new: NewPayment) -> str:
    if new.message_id is not None and new.link is None:
        return emulator.pay(chat_id, new.message_id, new.user_id)
    if new.link is not None and new.message_id is None:
        return emulator.pay_link(chat_id, new.link)
    raise SimError(400, "name the invoice either by its message or by its link")


def _result(query_id: str, answer: CallbackAnswer | None) -> ClickResult:
    shown = answer or CallbackAnswer()
    return ClickResult(
        callback_query_id=query_id,
        answered=answer is not None,
        text=shown.text,
        show_alert=shown.show_alert,
        url=shown.url,
    )
