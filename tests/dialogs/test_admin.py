"""Commands of administrators."""

from collections.abc import AsyncIterator

import pytest

from okno.accounts.service import AccountsService
from okno.billing.dto import Reconciliation
from okno.billing.service import BillingService, PaymentsService
from okno.kit.actor import SYSTEM
from okno.kit.settings import Settings
from sandbox.telegram import Emulator, Fault, FaultKind
from tests.conftest import ADMIN_ID
from tests.support.person import Person
from tests.support.stage import Stage, open_stage

BALANCE = "SELECT balance FROM balances JOIN users ON users.id = user_id WHERE first_name = 'Anna'"


@pytest.fixture
def emulator() -> Emulator:
    """An emulator whose first user is an administrator."""
    return Emulator(first_user_id=ADMIN_ID)


@pytest.fixture
async def stage(settings: Settings, emulator: Emulator, clean: None) -> AsyncIterator[Stage]:
    """A bot of each test, since only the first user of an emulator is the administrator."""
    async with open_stage(settings, emulator) as opened:
        yield opened
        opened.expect_clean()


@pytest.fixture
async def chief(stage: Stage) -> Person:
    person = stage.person("Vera")
    await person.register()
    return person


@pytest.fixture
async def anna(stage: Stage, chief: Person) -> Person:
    user = stage.emulator.create_user("Anna", username="Anna_1")
    person = Person(stage, user.id)
    await person.register()
    return person


async def paid(stage: Stage, person: Person) -> str:
    """Pay for a package; return the charge id."""
    await person.say("/balance")
    await person.press("⭐ Top up")
    await person.press("⭐ 50 → 50,000")
    await person.pay()
    receipt = [message for message in person.messages if message["payment"]][-1]
    found: str = receipt["payment"]["charge_id"]
    return found


async def reconcile(stage: Stage) -> Reconciliation:
    return await (await stage.container.get(PaymentsService)).reconcile(SYSTEM)


async def test_units_are_granted_and_both_are_told(
    stage: Stage, chief: Person, anna: Person
) -> None:
    answer = await chief.say(f"/grant {anna.id} 500")

    assert answer["text"] == "Done: Anna got 500 units. On the balance now: 20,500."
    assert anna.window["text"] == "You were given 500 units. What is left: /balance"
    assert await stage.scalar(BALANCE) == 20_500


@pytest.mark.parametrize("name", ["@Anna_1", "@anna_1"])
async def test_a_user_can_be_named_by_username(
    stage: Stage, chief: Person, anna: Person, name: str
) -> None:
    await chief.say(f"/grant {name} 1")

    assert await stage.scalar(BALANCE) == 20_001
    assert anna.window["text"].startswith("You were given one unit.")


async def test_a_username_that_moved_is_that_of_who_was_seen_last(
    stage: Stage, chief: Person, anna: Person
) -> None:
    heir = Person(stage, stage.emulator.create_user("Boris", username="anna_1").id)
    await heir.register()

    assert (await chief.say("/grant @anna_1 5"))["text"].startswith("Done: Boris got 5 units.")


async def test_the_same_message_grants_once(stage: Stage, chief: Person, anna: Person) -> None:
    stage.emulator.say(chief.id, f"/grant {anna.id} 500")
    [update] = stage.emulator.take_updates()

    await stage.deliver(update)
    await stage.deliver({**update, "update_id": update["update_id"] + 1000})

    assert await stage.scalar(BALANCE) == 20_500


async def test_two_messages_grant_twice(stage: Stage, chief: Person, anna: Person) -> None:
    for _ in range(2):
        await chief.say(f"/grant {anna.id} 500")

    assert await stage.scalar(BALANCE) == 21_000


async def test_who_can_not_be_told_is_given_the_units_all_the_same(
    stage: Stage, chief: Person, anna: Person
) -> None:
    stage.emulator.block(anna.id)
    await stage.settle()
    stage.expect_refusals(403)

    assert (await chief.say(f"/grant {anna.id} 500"))["text"].startswith("Done")
    assert await stage.scalar(BALANCE) == 20_500


@pytest.mark.parametrize(
    "command",
    [
        "/grant",
        "/grant 5",
        "/grant Anna 5",
        "/grant @ 5",
        "/grant 1 x",
        "/grant 1 2 3",
        "/grant -1 5",
        "/grant 1 ٥",
        f"/grant 1 {'9' * 30}",
        f"/grant {2**60} 5",
    ],
)
async def test_what_can_not_be_a_grant_gets_the_usage(
    stage: Stage, chief: Person, command: str
) -> None:
    answer = await chief.say(command)

    assert answer["text"] == "/grant, then a Telegram id or @username, then how many units"


@pytest.mark.parametrize("units", ["0", "-5", "1000000000001"])
async def test_an_amount_beyond_all_sense_is_refused(
    stage: Stage, chief: Person, anna: Person, units: str
) -> None:
    answer = await chief.say(f"/grant {anna.id} {units}")

    assert "This amount can't be booked" in answer["text"]
    assert await stage.scalar(BALANCE) == 20_000


@pytest.mark.parametrize("whom", ["77", "@no<b>body"])
async def test_a_user_that_nobody_knows_is_named(stage: Stage, chief: Person, whom: str) -> None:
    assert (await chief.say(f"/grant {whom} 5"))["text"] == f"There is no user {whom}."


@pytest.mark.parametrize("command", ["/grant", "/grant 1 5", "/refund", "/refund x", "/stats"])
async def test_nobody_else_may(stage: Stage, chief: Person, anna: Person, command: str) -> None:
    answer = await anna.say(command)

    assert answer["text"] == "You have no right to do this."


async def test_a_refund_gives_the_stars_back_and_takes_the_units(
    stage: Stage, chief: Person, anna: Person
) -> None:
    charge_id = await paid(stage, anna)
    assert await stage.scalar(BALANCE) == 70_000

    answer = await chief.say(f"/refund {charge_id}")

    assert answer["text"] == "Given back: ⭐ 50. Taken off the balance: 50,000."
    assert stage.emulator.stars(anna.id) == 1000
    assert await stage.scalar(BALANCE) == 20_000
    told = [message for message in anna.messages if "You got ⭐ 50 back" in message["text"]]
    assert len(told) == 1

    assert (await chief.say(f"/refund {charge_id}"))["text"] == answer["text"]
    assert stage.emulator.stars(anna.id) == 1000
    assert await stage.scalar(BALANCE) == 20_000


async def test_units_that_were_spent_need_force(stage: Stage, chief: Person, anna: Person) -> None:
    charge_id = await paid(stage, anna)
    await spend(stage, anna, 60_000)

    answer = await chief.say(f"/refund {charge_id}")
    assert answer["text"] == ("The units of this payment were spent. Free: 10,000, needed: 50,000.")
    assert stage.emulator.stars(anna.id) == 950
    assert await stage.scalar(BALANCE) == 10_000

    answer = await chief.say(f"/refund {charge_id} force")
    assert answer["text"] == (
        "Given back: ⭐ 50. Taken off the balance: 10,000. Spent already: 40,000."
    )
    assert stage.emulator.stars(anna.id) == 1000
    assert await stage.scalar(BALANCE) == 0


async def test_a_refund_that_telegram_has_made_already_is_done(
    stage: Stage, chief: Person, anna: Person
) -> None:
    charge_id = await paid(stage, anna)
    refund = {"user_id": anna.id, "telegram_payment_charge_id": charge_id}
    stage.emulator.call("refundStarPayment", refund)
    stage.emulator.take_updates()
    stage.expect_refusals(400)

    answer = await chief.say(f"/refund {charge_id}")

    assert answer["text"].startswith("Given back: ⭐ 50.")
    assert await stage.scalar(BALANCE) == 20_000


async def test_a_refund_that_telegram_refuses_leaves_the_units(
    stage: Stage, chief: Person, anna: Person
) -> None:
    charge_id = await paid(stage, anna)
    stage.emulator.add_fault(
        Fault("refundStarPayment", FaultKind.ERROR, code=400, description="Bad Request: NO")
    )
    stage.expect_refusals(400)

    answer = await chief.say(f"/refund {charge_id}")

    assert "Telegram refuses to give these Stars back" in answer["text"]
    assert await stage.scalar(BALANCE) == 70_000


async def test_a_refund_that_an_outage_has_cut_off_is_finished_by_itself(
    stage: Stage, chief: Person, anna: Person
) -> None:
    charge_id = await paid(stage, anna)
    stage.emulator.add_fault(
        Fault("refundStarPayment", FaultKind.ERROR, code=429, retry_after=60, times=1)
    )
    stage.expect_refusals(429)

    answer = await chief.say(f"/refund {charge_id}")
    assert "Telegram does not answer for the moment." in answer["text"]
    assert await stage.scalar(BALANCE) == 20_000

    await reconcile(stage)
    assert stage.emulator.stars(anna.id) == 1000
    assert await stage.scalar("SELECT state FROM payments") == "refunded"


async def test_a_payment_that_nobody_knows_can_not_be_refunded(stage: Stage, chief: Person) -> None:
    assert "There is no payment" in (await chief.say("/refund stx1"))["text"]
    for command in ("/refund", "/refund stx1 now", "/refund stx1 force now"):
        assert (await chief.say(command))["text"].startswith("/refund, then the transaction id")


async def test_the_counters(stage: Stage, chief: Person, anna: Person) -> None:
    await paid(stage, anna)
    await anna.ask("What is a window?")

    lines = (await chief.say("/stats"))["text"].splitlines()

    assert lines[:3] == ["Users", "In all: 2", "Seen within a day: 2"]
    assert "Messages: 2" in lines
    assert "Answers being written: 0" in lines
    assert "Paid: 50" in lines
    assert "Given back: 0" in lines
    spent = next(line for line in lines if line.startswith("Spent on answers"))
    tokens = next(line for line in lines if line.startswith("Tokens"))
    assert not spent.endswith(": 0")
    assert not tokens.endswith(": 0")


async def spend(stage: Stage, anna: Person, amount: int) -> None:
    """Take units off the balance."""
    account = await (await stage.container.get(AccountsService)).look_up(SYSTEM, anna.id)
    billing = await stage.container.get(BillingService)
    await billing.adjust(SYSTEM, account.user_id, -amount, "spent")
