# Needs Python 3.11 or newer (with venv), make and git. `make` lists what there is.

PYTHON ?= python3
PORT ?= 8000
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
LOCKED := --require-hashes --requirement requirements/build.txt --requirement
# The environment of the demo: SQLite below var/ and no mail server, whatever the shell has set.
DEMO := env -u PARTICIPATION_CONFIG -u PARTICIPATION_DATABASE_URL -u PARTICIPATION_SMTP_URL \
	PARTICIPATION_DATA_FOLDER=var PARTICIPATION_BASE_ADDRESS=http://127.0.0.1:$(PORT)
# A database that a check makes and throws away.
SCRATCH := env -u PARTICIPATION_CONFIG -u PARTICIPATION_DATABASE_URL \
	PARTICIPATION_DATA_FOLDER=var/check
BEGUN := $(shell date +%s.%N | tr -d N)
# Python keeps what it has compiled; a start without it takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/.runtime ## Serve the demo town on 127.0.0.1:8000 (PORT=… another port, RESET=1 from scratch)
	@if [ -n "$(RESET)" ]; then rm -rf var/participation.sqlite* var/mail; fi
	@exec $(DEMO) $(BIN)/participation serve --demo --with-worker --port $(PORT) --begun $(BEGUN)

.PHONY: test
test: $(VENV)/.tests ## Run every test, with a real database and a real browser
	$(BIN)/python -m tests.servers
	$(BIN)/pytest --durations=15

.PHONY: screens
screens: $(VENV)/.tests ## Take the pictures under docs/screens anew
	$(BIN)/python -m tests.screens

.PHONY: bite
bite: $(VENV)/.tests ## Break the product on purpose, promise by promise: do the tests notice?
	$(BIN)/python -m tests.broken_builds

.PHONY: check
check: $(VENV)/.dev ## Run everything that reads the code without running the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	rm -rf var/check
	$(SCRATCH) $(BIN)/participation migrate
	$(SCRATCH) $(BIN)/participation migrate --check
	rm -rf var/check
	$(BIN)/python -m tests.architecture.translations
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint

.PHONY: format
format: $(VENV)/.dev ## Put the code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: translations
translations: $(VENV)/.dev ## Collect the texts into the catalogues, and compile these
	$(BIN)/python -m tests.architecture.translations --update

.PHONY: lock
lock: ## Resolve requirements/*.in again (needs uv)
	cd requirements && for pair in runtime: tests:runtime dev:tests build:dev; do \
		name=$${pair%%:*}; under=$${pair#*:}; \
		uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-header --no-emit-index-url --no-emit-find-links \
			$${under:+--constraint $$under.txt} $$name.in --output-file $$name.txt; \
	done

.PHONY: vendor
vendor: ## Fetch the third-party files under static/vendor and tests/vendor again (needs npm)
	$(PYTHON) static/vendor/refresh.py

.PHONY: wheel
wheel: $(VENV)/.runtime ## Build the package into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: clean
clean: ## Remove what the other commands made; data under var/ stays
	rm -rf $(VENV) dist build htmlcov .coverage* .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; PYTHON=… names another one.")'
	$(PYTHON) -m venv $(VENV)

# $(call install,LOCK): everything of one lock, and the package itself as an editable install.
# uv is quicker; where it is missing or cannot reach the machine's registry, pip does the same.
define install
	@echo "Installing requirements/$(1).txt …"
	@{ command -v uv > /dev/null \
		&& uv pip install --quiet --compile-bytecode --python $(BIN)/python $(LOCKED) requirements/$(1).txt; } \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/$(1).txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(call install,runtime)
	@touch $@

$(VENV)/.tests: requirements/tests.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(call install,tests)
	@touch $(VENV)/.runtime $@

$(VENV)/.dev: requirements/dev.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(call install,dev)
	@touch $(VENV)/.runtime $(VENV)/.tests $@
