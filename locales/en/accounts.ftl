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

    Which language shall we speak?
registration-welcome =
    <b>Welcome, { $name }!</b>

    Here is what I can do for you now:
    • show everything as windows that stay in one place;
    • speak English or Russian, as you like;
    • hand you all that I store about you as a file, and forget it when you say so.

    Commands: /menu, /settings, /help.

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

    Okno will forget you: your name, your settings and everything that belongs to the account. This can't be undone.

    You can take your data as a file first: go back and press “My data”.
delete-account-sure =
    <b>Are you quite sure?</b>

    Press the red button, and the account is gone for good.
account-deleted = Your account is deleted: nothing about you is stored any more. Send /start if you ever want to begin again.

button-language = 🌐 Language
button-my-data = 📄 My data
button-delete-account = 🗑 Delete account
button-delete-go-on = Go on
button-delete-for-good = Delete for good
