"""All routes: each module has a `router`. The most frequent routes are found first.

A route reads the request, calls a service and shapes the answer:

    router = APIRouter(prefix="/api/billing", tags=["billing"], route_class=DishkaRoute)

    @router.get("", responses=problems(UserNotFound))
    async def show(
        user_id: UserIdQuery, caller: BillingCaller, billing: FromDishka[BillingService]
    ) -> Billing: ...

`problems` declares the errors of the services that it calls; a test compares both. Errors that
every route can answer are added to the document.
"""

from fastapi import APIRouter

from api.routes import (
    account,
    admin,
    auth,
    billing,
    chat,
    completions,
    context,
    conversations,
    keys,
    models,
    services,
    system,
    telegram,
    users,
)


def all_routers() -> tuple[APIRouter, ...]:
    return (
        chat.router,
        completions.router,
        context.router,
        conversations.router,
        billing.router,
        auth.router,
        telegram.router,
        account.router,
        keys.router,
        users.router,
        admin.router,
        services.router,
        models.router,
        system.router,
    )
