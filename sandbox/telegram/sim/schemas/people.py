"""Bodies of users and groups."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from sandbox.telegram.sim.schemas.base import Body

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class NewUser(Body):
    """A new user of the bot."""

    first_name: Name = Field(examples=["Anna"])
    last_name: Name | None = Field(default=None, examples=["Ivanova"])
    username: Name | None = Field(default=None, examples=["anna"])
    language_code: str | None = Field(
        default="en", max_length=16, description="The IETF tag that the user's app sends."
    )


class UserView(BaseModel):
    """A user and the private chat with the bot."""

    id: int
    chat_id: int
    first_name: str
    last_name: str | None
    username: str | None
    language_code: str | None


class Users(BaseModel):
    users: list[UserView]


class NewGroup(Body):
    title: Name = Field(examples=["Team"])
    member_ids: list[int] = Field(
        max_length=100, description="Users; the first one becomes the owner."
    )


class GroupView(BaseModel):
    chat_id: int
    title: str
