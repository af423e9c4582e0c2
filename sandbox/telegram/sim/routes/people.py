"""Users and groups that talk to the bot."""

from dataclasses import asdict

from fastapi import APIRouter

from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.people import User
from sandbox.telegram.sim.schemas.people import GroupView, NewGroup, NewUser, Users, UserView


def people_router(emulator: Emulator) -> APIRouter:
    router = APIRouter(tags=["people"])

    @router.post("/users", status_code=201)
    async def create_user(new: NewUser) -> UserView:
        """Adds a user with a private chat with the bot."""
        return _view(emulator.create_user(**new.model_dump()))

    @router.get("/users")
    async def list_users() -> Users:
        return Users(users=[_view(user) for user in emulator.users()])

    @router.post("/groups", status_code=201)
    async def create_group(new: NewGroup) -> GroupView:
        """Adds a group with these users and the bot."""
        group = emulator.create_group(new.title, new.member_ids)
        return GroupView(chat_id=group.id, title=new.title)

    return router


def _view(user: User) -> UserView:
    return UserView(chat_id=user.id, **asdict(user))
