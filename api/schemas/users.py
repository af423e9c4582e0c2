"""Bodies of users of a service."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.fields import Id, Line
from okno.accounts.dto import Language


class NewUser(Schema):
    """`externalId`: what the service calls this user; the same one is the same user."""

    external_id: Annotated[str, Line, Field(max_length=128, examples=["customer-4711"])]
    name: Annotated[str, Line, Field(max_length=128, examples=["Anna"])]
    language: Annotated[
        Language | None, Field(description="Without one: as Accept-Language says.")
    ] = None


class UserMade(Schema):
    """The id to name the user by from now on."""

    user_id: Id
