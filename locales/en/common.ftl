# Menu, help, commands, and what is said when something goes wrong.

menu-text =
    <b>Menu</b>

    What shall we do, { $name }?
help-text =
    <b>Help</b>

    I answer in windows: press their buttons. A window that has grown old is replaced by a fresh one.

    /start — from the beginning
    /menu — the menu
    /settings — language, your data, deletion
    /help — this text

    Stored about you: your Telegram id, your name and username, the language you chose and when you came. Nobody else sees it.

button-menu = ☰ Menu
button-settings = ⚙️ Settings
button-help = ❓ Help
button-back = ← Back

command-start = From the beginning
command-menu = The menu
command-settings = Language, your data, deletion
command-help = What I can do

window-outdated = This window was out of date. Here is a fresh one.
unknown-user = We have not met yet. Send /start, please.
not-understood = I can't do anything with this yet. Here is what I can do:
private-only = I talk in private chats only. Write to me there: @{ $bot }

error-unexpected = Something went wrong on my side. It is noted, and nothing of yours is lost. Send /menu to go on.
error-unavailable = I can't reach my memory for the moment. Please try again in a minute: nothing of yours is lost.
error-telegram-busy = Telegram asks me to be slower. Please try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}: nothing of yours is lost.
error-forbidden = You have no right to do this.
error-user-not-found = There is no such user any more. Send /start to begin again.
