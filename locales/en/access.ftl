# Access outside Telegram: confirmations, sign-ins, API keys.

confirm-password =
    <b>Somebody wants to use your account outside Telegram</b>

    They have chosen a password for it. Where it was typed, this number has to stand, too:

    { $number }

    Asked: { $asked } UTC, good until { $until } UTC
    Address: <code>{ $address }</code>
    Device: <code>{ $device }</code>

    Confirm only if this was you just now and the number is the same. Whoever knows the password then has your conversations and your balance.
confirm-joining =
    <b>Shall this account and a web account become one?</b>

    The web account: <b>{ $login }</b>
    Where the link was made, this number has to stand, too:

    { $number }

    Asked: { $asked } UTC, good until { $until } UTC
    Address: <code>{ $address }</code>
    Device: <code>{ $device }</code>

    Balance and history of both are put together, and all of it belongs to the web account: whoever signs in as { $login } has it. You go on here as before. This can't be undone.

    Confirm only if { $login } is you. Nobody else has a reason to send you such a link.
confirmed-password =
    <b>Confirmed</b>

    You can sign in now: with the number { $id } as your login, and the password that was chosen. Whoever was signed in before is not any more.

    Your sign-ins and API keys: /settings
confirmed-joining =
    <b>Joined</b>

    You and { $login } are one now: one balance, one history, here and on the web.

    Go on: /menu
confirmation-refused =
    <b>Refused</b>

    Nothing was changed. If it was not you who asked, there is nothing else to do.
confirmation-expired =
    <b>This request is over</b>

    Nobody decided it in time, and nothing was changed. If it was you, ask again.

button-confirm = Confirm
button-refuse = Refuse

access-text =
    <b>Access outside Telegram</b>

    { $password ->
        [yes] You can sign in with the login <code>{ $login }</code> and your password.
       *[no] Nobody can sign in to your account with a password.
    }
access-sessions =
    { "" }
    <b>Signed in now</b>
access-session = • { $device }
    <i>{ $address }, last used { DATETIME($used, dateStyle: "medium") }</i>
access-more = and { $more ->
    [one] one more
   *[other] { $more } more
}
access-keys-note =
    { "" }
    Programs use your account by API keys: each has a name and can be revoked.

sessions-ended = Signed out everywhere.

button-access = 🔐 Access outside Telegram
button-end-sessions = 🚪 Sign out everywhere

keys-empty =
    <b>API keys</b>

    There is none yet. With a key, a program asks in your name and pays from your balance: any program that can talk to OpenAI.
keys-list =
    <b>API keys</b>

    With each of them a program asks in your name and pays from your balance.
keys-full = There are as many as there may be: revoke one to make another.
key-line = { $name } · { $hint }…
key-name-text =
    <b>A new key</b>

    Send me a name for it, by which you will know it later: of the program, or of the device. { $limit } characters at most.
key-name-refused =
    <b>This name does not fit</b>

    It needs between 1 and { $limit } characters. Send another one.
key-limit-text =
    <b>A limit for { $name }</b>

    How many units of your balance may be spent with this key in all? Send me a number, or choose.
key-limit-refused =
    <b>This is no limit</b>

    Send me a whole number between 1 and { $limit }, or choose.
key-limit-choice = { $units ->
    [one] { $units } unit
   *[other] { $units } units
}
key-secret =
    <b>The key { $name }</b>

    <code>{ $secret }</code>

    Copy it now: I don't keep it and can't show it again. Whoever has it spends your balance, so delete this message when it is in its place.

    Address for programs that talk to OpenAI: <code>{ $address }</code>
key-text =
    <b>{ $name }</b>

    Begins with: <code>{ $hint }</code>
    Made: { DATETIME($made, dateStyle: "long") }
key-used = Last used: { DATETIME($used, dateStyle: "long") }
key-unused = Not used yet
key-spent = Spent: { $spent } of { $limit } units
key-unlimited = Without a limit of its own
key-gone = This key is revoked.
key-revoke =
    <b>Revoke the key { $name }?</b>

    The program that uses it can't ask any more. This can't be undone.
key-revoked = The key is revoked.

button-keys = 🔑 API keys
button-new-key = ➕ New key
button-no-limit = Without a limit
button-revoke = Revoke
