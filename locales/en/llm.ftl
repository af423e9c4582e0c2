# What is said when a language model does not answer.

error-model-busy = The model has reached its limit for now. Please try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}, or choose another model.
error-model-queue-full = Too many questions are waiting for this model right now. Please try again in a minute, or choose another model.
error-model-key-refused = The model's service does not let me in: my key is wrong or has expired. Only my owner can mend this; it is noted.
error-model-access-denied = The model's service refuses me this model. Only my owner can mend this; it is noted. You may choose another model.
error-model-not-found = The model's service no longer has this model. Please choose another one.
error-model-request-refused = The model can't take this question. Put it in other words, make it shorter, or choose another model.
error-model-timeout = The model took too long to answer. Please try again.
error-model-stream-broken = The answer broke off before its end. Please try again.
error-model-answer-empty = The model gave no answer. Put the question in other words, or choose another model.
error-model-unavailable = The model's service is out of order for the moment. Please try again in a minute, or choose another model.
