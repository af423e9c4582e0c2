# Что отвечает HTTP API, когда отказывает: заголовки по статусам, пояснения, что не так с полем.

problem-400 = Неверный запрос
problem-401 = Вход не выполнен
problem-402 = Недостаточно единиц
problem-403 = Нет доступа
problem-404 = Не найдено
problem-405 = Неверный метод
problem-408 = Слишком медленно
problem-409 = Сейчас невозможно
problem-413 = Слишком большой объём
problem-414 = Слишком длинный адрес
problem-415 = Не удаётся прочитать
problem-429 = Слишком часто
problem-431 = Слишком длинные заголовки
problem-500 = Не получилось
problem-503 = Сейчас недоступно

problem-invoice-outdated = Это предложение устарело. Что продаётся сейчас, показывает GET /api/billing/packages.
problem-payment-required = Баланса не хватит даже на короткий ответ. Свободно: { $available }, нужно: { $needed }.
problem-unexpected = Что-то пошло не так на нашей стороне. Это записано под requestId.
problem-user-not-found = Такого пользователя нет.

error-request-invalid = Параметры или тело запроса не такие, как нужно: подробности в «errors».
error-user-id-missing = Сервис должен назвать пользователя, за которого он обращается: «userId».
error-token-missing = Нет заголовка «Authorization: Bearer …».
error-too-many-requests = Слишком много запросов. Попробуйте снова через { $seconds ->
    [one] { $seconds } секунду
    [few] { $seconds } секунды
   *[many] { $seconds } секунд
}.
error-overloaded = Сейчас обрабатывается слишком много запросов. Попробуйте чуть позже.
error-request-timeout = Запрос выполнялся слишком долго и был прерван.
error-telegram-unavailable = Telegram сейчас не отвечает. Попробуйте через минуту.
error-route-not-found = По этому адресу ничего нет.
error-method-not-allowed = Этот адрес не принимает такой метод: подходящие перечислены в «Allow».
error-body-too-slow = Тело запроса не пришло вовремя.
error-body-too-large = Тело запроса длиннее { $limit } байт.
error-address-too-long = Путь и параметры длиннее { $limit } байт.
error-media-type-refused = Тело запроса должно быть несжатым JSON: «Content-Type: application/json».
error-headers-too-long = Заголовки длиннее { $limit } байт.

field-missing = отсутствует
field-no-json = не является правильным JSON
field-too-short = слишком короткое значение, наименьшая длина — { $bound }
field-too-long = слишком длинное значение, наибольшая длина — { $bound }
field-too-few = слишком мало элементов, наименьшее число — { $bound }
field-too-many = слишком много элементов, наибольшее число — { $bound }
field-too-small = слишком маленькое значение, граница — { $bound }
field-too-great = слишком большое значение, граница — { $bound }
field-wrong-form = имеет неверный вид
field-not-offered = должно быть одним из { $bound }
field-not-supported = не поддерживается
field-wrong-type = имеет неверный тип
