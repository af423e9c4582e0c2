# What the HTTP API answers when it refuses: titles by status, details, what is wrong with a field.

problem-400 = The request is not valid
problem-401 = Not signed in
problem-402 = Not enough units
problem-403 = Not allowed
problem-404 = Not found
problem-405 = Wrong method
problem-408 = Too slow
problem-409 = Not possible at the moment
problem-413 = Too large
problem-414 = The address is too long
problem-415 = Not readable
problem-429 = Too often
problem-431 = The headers are too long
problem-500 = It failed
problem-503 = Not available at the moment

problem-invoice-outdated = This offer is out of date. GET /api/billing/packages shows what is sold.
problem-payment-required = The balance does not pay for even a short answer. Free: { $available }, needed: { $needed }.
problem-unexpected = Something went wrong on our side. It is noted under the requestId.
problem-user-not-found = There is no such user.

error-request-invalid = Parameters or body are not as they have to be: “errors” says which.
error-user-id-missing = A service has to name the user for whom it asks: “userId”.
error-token-missing = The header “Authorization: Bearer …” is missing.
error-too-many-requests = Too many requests. Please try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
error-overloaded = Too many requests are being handled right now. Please try again in a moment.
error-request-timeout = The request took too long and was broken off.
error-telegram-unavailable = Telegram does not answer for the moment. Please try again in a minute.
error-route-not-found = Nothing has this address.
error-method-not-allowed = This address does not take this method: “Allow” says which.
error-body-too-slow = The body did not arrive in time.
error-body-too-large = The body is longer than { $limit } bytes.
error-address-too-long = Path and parameters are longer than { $limit } bytes.
error-media-type-refused = A body has to be JSON that is not compressed: “Content-Type: application/json”.
error-headers-too-long = The headers are longer than { $limit } bytes.

field-missing = is missing
field-no-json = is not valid JSON
field-too-short = is too short, the least is { $bound }
field-too-long = is too long, the most is { $bound }
field-too-few = has too few items, the least is { $bound }
field-too-many = has too many items, the most is { $bound }
field-too-small = is too small, the bound is { $bound }
field-too-great = is too great, the bound is { $bound }
field-wrong-form = is not of the right form
field-not-offered = has to be one of { $bound }
field-not-supported = is not supported
field-wrong-type = is of the wrong type
