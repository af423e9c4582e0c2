# Menu, help, commands, and what is said when something goes wrong.

menu-text =
    <b>Menu</b>

    What shall we do, { $name }?
help-text =
    <b>Help</b>

    Write to me as you would to a person: any text is a question. The answer grows before your eyes, and you can stop it. I remember the conversation until you begin a new one or reset the context.

    /new — a new conversation
    /history — read, continue, export, delete, search
    /balance — what is left, and how to top it up
    /model — which model answers
    /persona — who answers: translator, editor…
    /menu — everything at a glance
    /settings — language, access outside Telegram, your data, deletion
    /paysupport — help with payments
    /terms — the rules

    <b>What is stored.</b> Your Telegram id, name, username and language; your questions and the answers, until you delete them; your balance and payments; when and from which device you signed in outside Telegram. Questions go, with what was said before, to the service of the model that you chose. Payments are kept even when you delete your account.

button-menu = ☰ Menu
button-settings = ⚙️ Settings
button-help = ❓ Help
button-back = ← Back

command-new = A new conversation
command-history = Past conversations
command-balance = What is left, and topping up
command-model = Which model answers
command-persona = Who answers
command-paysupport = Help with payments
command-terms = The rules
command-start = From the beginning
command-menu = The menu
command-settings = Language, your data, deletion
command-help = What I can do

window-outdated = This window was out of date. Here is a fresh one.
window-closed = This window is closed already. The open one is below.
unknown-user = We have not met yet. Send /start, please.
command-unknown = I don't know this command. What I can do: /help
private-only = I talk in private chats only. Write to me there: @{ $bot }

error-unexpected = Something went wrong on my side. It is noted, and nothing of yours is lost. Send /menu to go on.
error-unavailable = I can't reach my memory for the moment. Please try again in a minute: nothing of yours is lost.
error-telegram-busy = Telegram asks me to be slower. Please try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}: nothing of yours is lost.
error-forbidden = You have no right to do this.
error-user-not-found = There is no such user any more. Send /start to begin again.
