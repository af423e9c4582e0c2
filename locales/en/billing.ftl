# Balance, payments, and what can go wrong with them.

error-payment-required = Your balance does not pay for even a short answer. Free: { $available }, needed: { $needed }. Top it up: /balance
error-budget-spent = This API key may not spend so much. Left of its limit: { $available }, needed: { $needed }.
error-too-many-generations = As many requests as are allowed are being answered already: { $limit }. Wait for one of them.
error-amount-invalid = This amount can't be booked: it must be a whole number other than zero, and not beyond { $limit }.
error-balance-too-low = There is not so much on the balance. Free: { $available }.
error-change-differs = Another amount was booked with this idempotency key before.
error-invoice-outdated = This offer is out of date, and nothing was paid. Fresh ones are here: /balance
error-telegram-needed = Stars are paid in Telegram. Join your account with one there first: POST /api/auth/telegram/link.
error-payment-not-found = There is no payment with this number.
error-refund-spent = The units of this payment were spent. Free: { $available }, needed: { $needed }.
error-stars-unavailable = Telegram does not answer for the moment. A refund that was begun will be finished by itself.
error-refund-refused = Telegram refuses to give these Stars back: { $reason }. The units stay on the balance.
error-units-held = An answer is being paid for right now. Please try again when it is there.

balance-text =
    <b>Balance</b>

    On your balance: <b>{ $balance }</b>
balance-held = Held for the answer being written: { $held }
balance-used = Spent on answers so far: { $used }
balance-latest =
    { "" }
    <b>Latest</b>
balance-entry = { $sign ->
    [plus] +
   *[minus] −
}{ $amount } · { $kind ->
    [grant] a gift
    [topup] topped up
    [usage] an answer
    [refund] a refund
   *[adjustment] a correction
} · { DATETIME($date, dateStyle: "medium") }
balance-statement =
    <b>Statement</b>

    { $total ->
        [one] One entry
       *[other] { $total } entries
    }, the latest first.{ $pages ->
        [1] { "" }
       *[more] { " Page " }{ $page } of { $pages }.
    }
balance-packages =
    <b>Topping up</b>

    You pay with Telegram Stars. Choose how much: the bill comes as a message below.
balance-package = ⭐ { $stars } → { $tokens }
invoice-description = { $tokens ->
    [one] One unit
   *[other] { $tokens } units
} for your balance. Answers are paid from it, as many units as they have tokens, times the price of the model.

button-balance = 💰 Balance
button-top-up = ⭐ Top up
button-statement = 🧾 Statement
button-pay = Pay ⭐ { $stars }

payment-credited = Thank you! Your balance has grown by { $tokens ->
    [one] one unit
   *[other] { $tokens } units
}.
payment-unclaimed = Your payment has arrived, but I can't tell what it is for. Nothing is lost: write to /paysupport.
payment-delayed = Your payment has arrived. I can't reach my memory for the moment: the units will be on your balance within some minutes.
payment-refunded = You got ⭐ { $stars } back. The units that they had bought are off your balance.

paysupport-text =
    Help with payments

    Write to { $contact }. Name your number, { $id }, and the transaction id from the receipt: tap the message about the payment to see it.

    Stars are given back as long as the units that they bought were not spent. Telegram itself can't help with purchases made here.
paysupport-nobody =
    Help with payments

    Write to whoever runs this bot. Name your number, { $id }, and the transaction id from the receipt: tap the message about the payment to see it.

    Stars are given back as long as the units that they bought were not spent. Telegram itself can't help with purchases made here.
terms-text =
    <b>The rules</b>

    <b>Answers</b> are made by language models. They can be wrong: check what matters.

    <b>Units</b> pay for answers: an answer costs as many as the question, what was said before, and the answer have tokens, times the price of the model (/model). They are set aside while an answer is being written; what was not used comes back. One that fails costs nothing, one that you stop costs what was written.

    <b>Payments.</b> Units are bought with Telegram Stars and do not expire. They can't be handed on or paid out. Stars are given back as long as the units that they bought were not spent: /paysupport.

    <b>What is stored.</b> Your Telegram id, name, username and language; your questions and the answers, until you delete them; your balance. Questions go, with what was said before, to the service of the model that you chose. In /settings you get all of it as a file, and delete your account. Then only payments are kept, since they may have to be refunded, and a mark without your name that you had the welcome gift. Units that are left then are lost.

grant-usage = /grant, then a Telegram id or @username, then how many units
grant-done = Done: { $name } got { $amount ->
    [one] one unit
   *[other] { $amount } units
}. On the balance now: { $balance }.
grant-received = You were given { $amount ->
    [one] one unit
   *[other] { $amount } units
}. What is left: /balance
refund-usage = /refund, then the transaction id of the payment. Add “force” to give the Stars back even when the units were spent.
refund-done = Given back: ⭐ { $stars }. Taken off the balance: { $tokens }.{ $shortfall ->
    [0] { "" }
   *[some] { " Spent already: " }{ $shortfall }.
}
admin-user-unknown = There is no user { $whom }.
stats-text =
    <b>Users</b>
    In all: { $users }
    Seen within a day: { $seen }

    <b>Conversations</b>
    In all: { $conversations }
    Messages: { $messages }
    Tokens: { $tokens }
    Answers being written: { $running }

    <b>Units</b>
    On all balances: { $balance }
    Held: { $held }, holds: { $holds }
    Spent on answers: { $used }

    <b>Stars</b>
    Paid: { $stars }
    Given back: { $refunded }
