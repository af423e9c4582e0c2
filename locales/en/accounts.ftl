# First contact, settings, personal data.

language-name = { $language ->
    [ru] Русский
   *[en] English
}{ $chosen ->
    [yes] { " ✓" }
   *[no] { "" }
}

registration-language =
    <b>Hello, { $name }!</b> I am Okno, your assistant in a window.

    Which language shall we speak?{ $asked ->
        [yes] { " " }What you have asked is safe: I answer it right after.
        [full] { " " }What you have asked is safe, but for your last message: so much I can't keep. I answer right after.
       *[no] { "" }
    }
registration-welcome =
    <b>Welcome, { $name }!</b>

    Write to me whatever you want to know: any text is a question, and a language model answers it. I translate, edit texts, read code and remember what we talk about.

    { $available ->
        [0] Answers are paid from your balance: /balance.
        [one] A gift for the beginning: one unit. Answers are paid from it; what is left: /balance.
       *[other] A gift for the beginning: { $available } units. Answers are paid from them; what is left: /balance.
    }

    Questions go to the service of the model that you choose, and are stored with the answers until you delete them. More: /help.

settings-text =
    <b>Settings</b>

    Name: { $name }
    { $role ->
        [admin] Role: administrator
       *[user] Role: user
    }
    With Okno since { DATETIME($registered, dateStyle: "long") }{ $days ->
        [0] { " (today)" }
        [one] { " (one day)" }
       *[other] { " (" }{ $days } days)
    }
settings-language = Which language shall we speak?

my-data-caption = Everything that Okno stores about you.

delete-account-what =
    <b>Delete the account?</b>

    Okno will forget you: your name, your settings, all conversations and the balance. Only payments are kept, since they may have to be refunded, and a mark without your name that you had the welcome gift. This can't be undone.

    You can take your data as a file first: go back and press “My data”.
delete-account-sure =
    <b>Are you quite sure?</b>

    Press the red button, and the account is gone for good.
account-deleted = Your account is deleted, with all conversations and the balance. Send /start if you ever want to begin again.

button-language = 🌐 Language
button-my-data = 📄 My data
button-delete-account = 🗑 Delete account
button-delete-go-on = Go on
button-delete-for-good = Delete for good

# Passwords, sign-ins, tokens.

error-login-taken = Somebody else has this login already.
error-login-invalid = A login takes from 3 to 64 letters of the Latin alphabet, digits, and the signs . _ - @, and is not made of digits alone.
error-password-too-short = This password is too short. The least is { $least } characters; a few words make a good one.
error-password-too-long = This password is too long. The most is { $most } characters.
error-password-too-common = This password is among the first that anybody would try. Please choose another one.
error-credentials-wrong = Login or password is wrong.
error-sign-ins-crowded = Too many people are signing in right now. Please try again in a few seconds.
error-session-ended = This sign-in has ended. Please sign in again.
error-session-not-found = There is no such sign-in.
error-token-invalid = This token is not good, or not any more.
error-token-expired = The time of this token is over: get a new one by the refresh token.
error-api-key-not-found = There is no such API key, or it was revoked.
error-too-many-api-keys = You have as many API keys as there can be: { $most }. Revoke one first.
error-name-empty = A name needs at least one visible character.

# Confirmations, accounts that are joined, services.

error-confirmation-not-found = There is no such request, or it is not meant for you.
error-confirmation-over = This request is over: it was decided already, or its ten minutes have passed.
error-too-many-confirmations = Too much has been asked of this account that nobody confirmed. Please try again later.
error-already-joined = One of these accounts is used both in Telegram and on the web already: it can't be joined with another.
error-service-not-found = There is no such service.
error-service-name-taken = There is a service with this name already.
error-service-name-invalid = The name of a service takes up to 64 letters and digits of the Latin alphabet, and dots, hyphens and underscores between them.
error-service-key-not-found = The service has no such key, or it was revoked.
error-service-key-taken = This key is known already: every service, and every change of keys, needs a new one.
error-too-many-service-keys = A service has two keys at the most. Revoke one first.
error-public-key-invalid = This is no Ed25519 public key in PEM form.
error-external-id-invalid = An id of a user takes from 1 to 128 characters, none of them invisible.
