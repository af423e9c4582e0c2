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
        [yes] { " " }Your question is safe: I answer it right after.
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
