# Balance, payments, and what can go wrong with them.
error-payment-required = Your balance does not pay for even a short answer. Free: { $available }, needed: { $needed }. Top it up: /balance
error-amount-invalid = This amount can't be booked: it must be a whole number other than zero, and not beyond { $limit }.
error-balance-too-low = There is not so much on the balance. Free: { $available }.
error-invoice-outdated = This offer is out of date, and nothing was paid. Fresh ones are here: /balance
error-payment-not-found = There is no payment with this number.
error-refund-spent = The units of this payment were spent. Free: { $available }, needed: { $needed }.
error-stars-unavailable = Telegram does not answer for the moment. A refund that was begun will be finished by itself.
error-refund-refused = Telegram refuses to give these Stars back: { $reason }. The units stay on the balance.
