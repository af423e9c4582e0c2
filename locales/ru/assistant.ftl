# Вопросы и ответы, история, выбор модели и роли.

chat-empty =
    <b>О чём поговорим, { $name }?</b>

    Напишите мне: вопрос, текст для перевода или правки, кусок кода. Я помню сказанное, пока вы не начнёте новый разговор.

    Модель: { $model }
    Роль: { $persona }
chat-running =
    <b>Я ещё пишу ответ.</b>

    Подождите или остановите меня: написанное останется. Потом пришлите следующий вопрос.
chat-failed =
    <b>Ответа нет</b>

    { $failure }

    Вопрос сохранён, ничего не списано.
chat-refused =
    <b>Вопрос не принят</b>

    { $refusal }
chat-answer-empty = (Модель прислала пустой ответ.)
question-continue = Продолжи, пожалуйста.
context-cut = Разговор стал длинным: самых старых сообщений я больше не вижу. В истории они остаются.

answer-stopping = Останавливаюсь.
answer-queued = Сейчас спрашивают многие. Ваше место в очереди: { $place }.
answer-ended = Сейчас ничего не пишется.
conversation-begun = Новый разговор. Прежний остался в истории.
context-reset = Я забыл сказанное до сих пор. В истории оно остаётся.

models-text =
    <b>Какая модель будет отвечать?</b>

    Цена одного токена — кусочка слова — в единицах вашего баланса:
model-line = • { $name }: { $price_in ->
    [one] { $price_in } единица
    [few] { $price_in } единицы
    [many] { $price_in } единиц
   *[other] { $price_in } единицы
} в вопросе, { $price_out ->
    [one] { $price_out } единица
    [few] { $price_out } единицы
    [many] { $price_out } единиц
   *[other] { $price_out } единицы
} в ответе
models-note = С каждым вопросом модель получает и сказанное раньше, поэтому новый разговор обходится дешевле.
model-name = { $name }{ $chosen ->
    [yes] { " ✓" }
   *[no] { "" }
}
model-chosen = Теперь отвечает { $name }.

personas-text =
    <b>В какой роли отвечать?</b>

    Роль задаёт, на что я обращаю внимание: переводчик только переводит, редактор улучшает ваш текст, ревьюер ищет ошибки в коде.
persona-name = { $name }{ $chosen ->
    [yes] { " ✓" }
   *[no] { "" }
}
persona-chosen = Теперь с вами говорит { $name }.

history-empty =
    <b>История</b>

    Здесь пока пусто. Спросите что-нибудь — и разговор сохранится здесь.
history-list =
    <b>История</b>

    { $total ->
        [one] { $total } разговор
        [few] { $total } разговора
       *[many] { $total } разговоров
    }, сначала последние.{ $pages ->
        [1] { "" }
       *[more] { " Страница " }{ $page } из { $pages }.
    }
history-conversation = { DATETIME($date, dateStyle: "short") } · { $title }

conversation-gone = Этого разговора больше нет.
conversation-deleted = Разговор удалён.
exchange-head =
    <b>{ $title }</b>
    { DATETIME($date, dateStyle: "long") } · { $model } · { $page } из { $pages }
exchange-running = <i>Ответ ещё пишется.</i>
exchange-unanswered = <i>На этот вопрос ответа не было.</i>
exchange-cut = <i>Для окна слишком длинно: целиком разговор можно прочитать в файле.</i>

rename-text =
    <b>Новое название</b>

    Сейчас: { $title }

    Пришлите новое, не длиннее { $limit } знаков.
rename-refused =
    <b>Такое название не подходит</b>

    В нём должно быть от 1 до { $limit } знаков. Пришлите другое.
delete-conversation =
    <b>Удалить этот разговор?</b>

    { $title }

    Вопросы и ответы пропадут навсегда.

search-text =
    <b>Поиск</b>

    Пришлите слово-другое из того, что ищете.
search-empty =
    <b>Ничего не нашлось</b>

    В ваших разговорах нет ничего похожего на «{ $query }».
search-found =
    <b>{ $total ->
        [one] Нашлось { $total } сообщение
        [few] Нашлось { $total } сообщения
       *[many] Нашлось { $total } сообщений
    }</b>
    { $query }{ $pages ->
        [1] { "" }
       *[more] { " · страница " }{ $page } из { $pages }
    }
search-line =
    { $number }. <b>{ $title }</b> · { DATETIME($date, dateStyle: "short") }
    { $excerpt }

export-head = { DATETIME($date, dateStyle: "long") } · { $model }
export-question = Вы
export-answer = Окно

button-chat = 💬 Разговор
button-continue = ▶️ Продолжить
button-stop = ⏹ Остановить
button-try-again = 🔁 Ещё раз
button-new = ✨ Новый
button-reset = 🧹 Сбросить контекст
button-history = 🕘 История
button-model = 🧠 Модель
button-persona = 🎭 Роль
button-newer = ‹ Новее
button-older = Старше ›
button-earlier = ‹ Раньше
button-later = Позже ›
button-search = 🔎 Найти
button-search-again = 🔎 Искать ещё
button-go-on-here = 💬 Продолжить
button-export = 📄 Файлом
button-rename = ✏️ Переименовать
button-delete = 🗑 Удалить

media-refused = { $kind ->
    [voice] Голосовые сообщения я пока не слышу.
    [audio] Музыку и записи я пока не слышу.
    [video] Видео я пока не смотрю.
    [animation] Анимацию я пока не смотрю.
    [photo] Картинок я пока не вижу.
    [document] Файлы я пока не читаю.
    [sticker] Славный стикер! Но понимаю я только слова.
    [location] Карты я пока не читаю.
    [contact] Контакты я не читаю и не храню.
    [poll] В опросах я не участвую.
    [dice] Играть не умею, зато могу поговорить.
   *[unknown] Это я пока не читаю.
} { $text ->
    [yes] Пришлите, пожалуйста, подпись отдельным сообщением.
   *[no] Напишите, пожалуйста, словами.
}

failure-model-busy = К этой модели сейчас слишком много вопросов. Попробуйте чуть позже или выберите другую модель.

error-answer-in-progress = Я ещё пишу предыдущий ответ. Подождите его или остановите.
error-conversation-not-found = Этого разговора больше нет.
error-choice-not-offered = Этого больше нет в списке. Выберите, пожалуйста, ещё раз.
error-model-not-offered = Такой модели здесь нет.
error-title-empty = В названии должен быть хотя бы один видимый знак.
error-nothing-to-retry = На этот вопрос ответ уже есть.
error-question-empty = В вашем сообщении нечего прочитать.
error-question-too-long = Вопрос слишком длинный для этой модели. Сократите его или выберите модель, которая принимает тексты длиннее.
error-context-not-found = Контекста пока нет.
error-context-too-long = Этот контекст слишком длинный. Предел сообщений: { $messages }, знаков: { $characters }.
error-repeat-differs = С этим ключом идемпотентности раньше спрашивали о другом.
error-answer-filtered = Сервис, где работает модель, отказался на это отвечать. Попробуйте спросить иначе.
error-answer-stopped = Вы остановили ответ до первого слова.
error-answer-interrupted = Меня перезапустили, пока я писал ответ.
