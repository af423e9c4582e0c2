# Questions and answers, the history, the choice of model and persona.
error-answer-in-progress = I am still writing the previous answer. Wait for it or stop it first.
error-conversation-not-found = This conversation is no longer there.
error-choice-not-offered = This is no longer offered. Please choose again.
error-title-empty = A title needs at least one visible character.
error-nothing-to-retry = This question has its answer already.
error-question-empty = There is nothing to read in your message.
error-question-too-long = This question is too long for the model. Shorten it, or choose a model that takes longer texts.
error-answer-filtered = The service behind the model refused to answer this. Try to put it differently.
error-answer-stopped = You stopped the answer before its first word.
error-answer-interrupted = I was restarted while I was writing the answer.
