# Okno: `make demo` to see it, `make test` to prove it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed
LOCK   := requirements-dev.lock

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast coverage check run serve work migrate migration bench lock format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Run all of Okno here, with an emulated Telegram in the browser
	@$(BIN)/python -m sandbox

test: $(READY) ## Run the tests, on real PostgreSQL and Valkey
	@$(BIN)/python -m pytest $(ARGS)

test-fast: $(READY) ## Run the tests that take no seconds and start no programs
	@$(BIN)/python -m pytest -m 'not slow' $(ARGS)

coverage: $(READY) ## Run the tests, print which lines and branches none reaches
	@$(BIN)/python -m pytest --cov $(ARGS)

check: $(READY) ## Check format, lint, types, imports, locales, migrations, words
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.locales
	$(BIN)/python -m tools.migrations
	$(BIN)/python -m tools.words

run: $(READY) ## Run the bot with the token of .env
	@$(BIN)/python -m tgbot

serve: $(READY) ## Run the HTTP API with the settings of .env
	@$(BIN)/python -m api

work: $(READY) ## Run the worker with the settings of .env
	@$(BIN)/python -m worker

migrate: $(READY) ## Bring the database of .env up to date
	@$(BIN)/alembic upgrade head

migration: $(READY) ## Draft a migration from the models: make migration m="what it does"
	@$(BIN)/python -m tools.migrations draft "$(m)"

bench: $(READY) ## Measure, print, and write JSON; PEER=litellm: beside that proxy
	@$(BIN)/python -m tools.bench $(if $(PEER),--peer $(PEER)) $(ARGS)

format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

lock: $(READY) ## Renew the lock files from pyproject.toml
	@$(BIN)/python -m tools.lock

clean: ## Remove what the commands made here: the demo's data too
	@rm -rf $(VENV) .okno .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage

$(READY): $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Okno needs Python 3.11 or newer: make PYTHON=python3.13 …'; exit 2; }
	@echo '  Installing what Okno needs into $(VENV) (once, a minute or so) …'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@touch $@
