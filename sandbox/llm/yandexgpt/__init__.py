"""YandexGPT's native API: `/foundationModels/v1/…`."""
