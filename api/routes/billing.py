"""The balance: look, top up, buy."""

from uuid import uuid4

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter
from starlette.responses import Response

from api.auth import BillingCaller, OwnCaller
from api.errors import TelegramUnavailable, UserIdMissing
from api.paging import PAGED, PageNumber, PageSize, items_of
from api.parameters import AnyUserIdQuery, CurrentRequest, IdempotencyKey, UserIdQuery
from api.problems import problems
from api.schemas.billing import (
    Billing,
    Entry,
    InvoiceLink,
    PackageLine,
    Packages,
    Statement,
    ToppedUp,
    TopUp,
    WantedInvoice,
)
from api.telegram import Telegram
from api.texts import Texts
from okno.accounts.errors import UserNotFound
from okno.billing.errors import AmountInvalid, ChangeDiffers, InvoiceOutdated, TelegramNeeded
from okno.billing.service import BillingService, PaymentsService

router = APIRouter(prefix="/api/billing", tags=["billing"], route_class=DishkaRoute)


@router.get("", summary="Show the balance", responses=problems(UserNotFound))
async def get_billing(
    user_id: UserIdQuery, caller: BillingCaller, billing: FromDishka[BillingService]
) -> Billing:
    """Tell what was spent on answers so far, and what is there."""
    return Billing.of(await billing.balance(await caller.acting_for(user_id)))


@router.post(
    "/topup",
    summary="Top up a balance",
    responses=problems(AmountInvalid, ChangeDiffers, UserNotFound),
)
async def top_up(
    body: TopUp,
    caller: BillingCaller,
    billing: FromDishka[BillingService],
    key: IdempotencyKey = None,
) -> ToppedUp:
    """Add units that were paid for elsewhere: for administrators, and services for their users."""
    await caller.acting_for(body.user_id)
    balance = await billing.top_up(
        caller.actor, int(body.user_id), body.amount, key or str(uuid4())
    )
    return ToppedUp(current_balance=balance.balance)


@router.get(
    "/statement",
    summary="Read the statement",
    responses={**PAGED, **problems(UserIdMissing, UserNotFound)},
)
async def get_statement(
    response: Response,
    caller: BillingCaller,
    billing: FromDishka[BillingService],
    user_id: AnyUserIdQuery = None,
    page: PageNumber = 0,
    size: PageSize = 50,
) -> Statement:
    """List what has changed the balance, the newest first."""
    found = await billing.statement(await caller.acting_for_optional(user_id), page, size)
    return Statement(entries=[Entry.of(entry) for entry in items_of(found, page, response)])


@router.get("/packages", summary="List what is sold")
async def list_packages(
    _caller: BillingCaller, info: CurrentRequest, payments: FromDishka[PaymentsService]
) -> Packages:
    """List how many units can be bought for how many Telegram Stars."""
    sold = payments.packages()
    return Packages(packages=[PackageLine.of(package, info.language) for package in sold])


@router.post(
    "/invoice",
    status_code=201,
    summary="Make out an invoice",
    responses=problems(InvoiceOutdated, TelegramNeeded, TelegramUnavailable),
)
async def create_invoice(
    body: WantedInvoice,
    caller: OwnCaller,
    info: CurrentRequest,
    payments: FromDishka[PaymentsService],
    telegram: FromDishka[Telegram],
    texts: FromDishka[Texts],
) -> InvoiceLink:
    """Make a link to pay a package with Telegram Stars, in the account joined to this one."""
    invoice = await payments.invoice(caller.actor, body.package_id)
    link = await telegram.invoice_link(
        title=invoice.package.names[info.language],
        description=texts.get(info.language, "invoice-description", {"tokens": invoice.tokens}),
        payload=invoice.payload,
        stars=invoice.stars,
    )
    return InvoiceLink(link=link, stars=invoice.stars, tokens=invoice.tokens)
