# Questions and answers, the history, the choice of model and persona.

chat-empty =
    <b>What shall it be, { $name }?</b>

    Write to me: a question, a text to translate or to improve, a piece of code. I remember what we said until you begin a new conversation.

    Model: { $model }
    Persona: { $persona }
chat-running =
    <b>I am still writing the answer.</b>

    Wait for it, or stop me: what is written by then stays. After that, send your next question.
chat-failed =
    <b>There is no answer</b>

    { $failure }

    Your question is kept, and nothing was charged.
chat-refused =
    <b>Your question was not taken</b>

    { $refusal }
chat-answer-empty = (The model gave an empty answer.)
question-continue = Please continue.
context-cut = Our conversation has become long: I no longer see its oldest messages. They stay in the history.

answer-stopping = Stopping.
answer-queued = Many are asking right now. You are number { $place } in the queue.
answer-ended = Nothing is being written now.
conversation-begun = A new conversation: what was said before is in the history.
context-reset = I have forgotten what was said so far. It stays in the history.

models-text =
    <b>Which model shall answer?</b>

    The price of a token, a piece of a word, in units of your balance:
model-line = • { $name }: { $price_in ->
    [one] one unit
   *[other] { $price_in } units
} in the question, { $price_out ->
    [one] one unit
   *[other] { $price_out } units
} in the answer
models-note = With every question I send the model what we said before, so a new conversation costs less.
model-name = { $name }{ $chosen ->
    [yes] { " ✓" }
   *[no] { "" }
}
model-chosen = From now on { $name } answers.

personas-text =
    <b>Who shall answer?</b>

    A persona says what I pay attention to: a translator only translates, an editor improves your text, a reviewer looks for mistakes in code.
persona-name = { $name }{ $chosen ->
    [yes] { " ✓" }
   *[no] { "" }
}
persona-chosen = From now on you talk to: { $name }.

history-empty =
    <b>History</b>

    There is nothing here yet. Ask something, and the conversation will be kept here.
history-list =
    <b>History</b>

    { $total ->
        [one] One conversation
       *[other] { $total } conversations
    }, the latest first.{ $pages ->
        [1] { "" }
       *[more] { " Page " }{ $page } of { $pages }.
    }
history-conversation = { DATETIME($date, dateStyle: "short") } · { $title }

conversation-gone = This conversation is no longer there.
conversation-deleted = The conversation is deleted.
exchange-head =
    <b>{ $title }</b>
    { DATETIME($date, dateStyle: "long") } · { $model } · { $page } of { $pages }
exchange-running = <i>I am still writing the answer.</i>
exchange-unanswered = <i>This question got no answer.</i>
exchange-cut = <i>Too long for a window: export the conversation to read it whole.</i>

rename-text =
    <b>A new title</b>

    Now: { $title }

    Send the new one, of { $limit } characters at most.
rename-refused =
    <b>This title does not fit</b>

    It needs between 1 and { $limit } characters. Send another one.
delete-conversation =
    <b>Delete this conversation?</b>

    { $title }

    Its questions and answers will be gone for good.

search-text =
    <b>Search</b>

    Send me a word or two of what you are looking for.
search-empty =
    <b>Nothing found</b>

    There is nothing like “{ $query }” in your conversations.
search-found =
    <b>{ $total ->
        [one] One message found
       *[other] { $total } messages found
    }</b>
    { $query }{ $pages ->
        [1] { "" }
       *[more] { " · page " }{ $page } of { $pages }
    }
search-line =
    { $number }. <b>{ $title }</b> · { DATETIME($date, dateStyle: "short") }
    { $excerpt }

export-head = { DATETIME($date, dateStyle: "long") } · { $model }
export-question = You
export-answer = Okno

button-chat = 💬 Chat
button-continue = ▶️ Continue
button-stop = ⏹ Stop
button-try-again = 🔁 Try again
button-new = ✨ New
button-reset = 🧹 Reset context
button-history = 🕘 History
button-model = 🧠 Model
button-persona = 🎭 Persona
button-newer = ‹ Newer
button-older = Older ›
button-earlier = ‹ Earlier
button-later = Later ›
button-search = 🔎 Search
button-search-again = 🔎 Search again
button-go-on-here = 💬 Continue
button-export = 📄 Export
button-rename = ✏️ Rename
button-delete = 🗑 Delete

media-refused = { $kind ->
    [voice] I can't listen to voice messages yet.
    [audio] I can't listen to music and recordings yet.
    [video] I can't watch videos yet.
    [animation] I can't watch animations yet.
    [photo] I can't see pictures yet.
    [document] I can't read files yet.
    [sticker] A nice sticker! But I understand only words.
    [location] I can't read maps yet.
    [contact] I can't read contacts, and would not keep them.
    [poll] I can't take part in polls.
    [dice] I don't play, but I can talk.
   *[unknown] I can't read this yet.
} { $text ->
    [yes] Please send the words below it as a message.
   *[no] Please write it in words.
}

failure-model-busy = Too many questions are being asked of this model. Try again in a while, or choose another model.

error-answer-in-progress = I am still writing the previous answer. Wait for it or stop it first.
error-conversation-not-found = This conversation is no longer there.
error-choice-not-offered = This is no longer offered. Please choose again.
error-model-not-offered = There is no such model here.
error-title-empty = A title needs at least one visible character.
error-nothing-to-retry = This question has its answer already.
error-question-empty = There is nothing to read in your message.
error-question-too-long = This question is too long for the model. Shorten it, or choose a model that takes longer texts.
error-context-not-found = There is no context yet.
error-context-too-long = This context is too long. The limits are { $messages } messages and { $characters } characters.
error-repeat-differs = Something else was asked with this idempotency key before.
error-answer-filtered = The service behind the model refused to answer this. Try to put it differently.
error-answer-stopped = You stopped the answer before its first word.
error-answer-interrupted = I was restarted while I was writing the answer.
