# Баланс, платежи и что с ними может пойти не так.
error-payment-required = Баланса не хватает даже на короткий ответ. Свободно: { $available }, нужно: { $needed }. Пополнить: /balance
error-amount-invalid = Такую сумму провести нельзя: нужно целое число, не ноль и не больше { $limit }.
error-balance-too-low = На балансе столько нет. Свободно: { $available }.
error-invoice-outdated = Это предложение устарело, и ничего не оплачено. Новые здесь: /balance
error-payment-not-found = Платежа с таким номером нет.
error-refund-spent = Единицы этого платежа потрачены. Свободно: { $available }, нужно: { $needed }.
error-stars-unavailable = Telegram сейчас не отвечает. Начатый возврат завершится сам.
error-refund-refused = Telegram отказывается вернуть эти звёзды: { $reason }. Единицы остаются на балансе.
