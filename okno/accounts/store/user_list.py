"""Queries of users for the lists of an admin."""

from sqlalchemy import ColumnElement, or_, select

from okno.accounts.dto import UserSummary
from okno.accounts.models import User
from okno.kit.actor import Role
from okno.kit.page import AnyRow, Page, read_page
from okno.kit.uow import UnitOfWork

_COLUMNS = (
    User.id,
    User.login,
    User.telegram_id,
    User.username,
    User.first_name,
    User.last_name,
    User.role,
    User.registered_at,
    User.last_seen_at,
)
_MAX_ID_DIGITS = 18
_MAX_QUERY_LENGTH = 100


class UserListStore:
    """Reads the table `users`, a page at a time; husks are left out."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def page(self, number: int, size: int, query: str | None) -> Page[UserSummary]:
        """Read a page, the newest first. `query`: see `AccountsService.list_users`."""
        which: list[ColumnElement[bool]] = [User.merged_into.is_(None)]
        if query is not None and (wanted := query.replace("\0", "").strip()[:_MAX_QUERY_LENGTH]):
            which.append(_matches(wanted.encode(errors="replace").decode()))
        statement = select(*_COLUMNS).where(*which).order_by(User.id.desc())
        page = await read_page(self._uow, statement, number=number, size=size)
        return page.map(_to_summary)


def _matches(wanted: str) -> ColumnElement[bool]:
    names = (User.login, User.username, User.first_name, User.last_name)
    rules = [name.icontains(wanted, autoescape=True) for name in names]
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= _MAX_ID_DIGITS:
        rules += [User.id == int(wanted), User.telegram_id == int(wanted)]
    return or_(*rules)


def _to_summary(row: AnyRow) -> UserSummary:
    user_id, login, telegram_id, username, first_name, last_name, role, *times = row
    return UserSummary(
        user_id, login, telegram_id, username, first_name, last_name, Role(role), *times
    )
