# make audit   sets up, and shows how much room each Party has under its ceilings
# make test    sets up, and passes the tests (under five minutes)
# make help    lists the rest

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
PYTHON := python
else
BIN := $(VENV)/bin
endif
RUN := $(BIN)/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help audit test test-long test-large check format lint types contracts rules docs bench golden clean

help: ## list the targets
	@$(PYTHON) -c "import re; [print(f'  make {m[1]:<11} {m[2]}') for m in (re.match(r'([a-z-]+):.*?## (.*)', line) for line in open('Makefile', encoding='utf-8')) if m]"

$(VENV)/made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/installed

compliance.db: | $(VENV)/installed
	$(BIN)/compliance --db compliance.db db init

audit: $(VENV)/installed compliance.db ## how much room is there, as of today?
	@$(BIN)/compliance --db compliance.db audit --exit-zero

test: $(VENV)/installed-dev ## the tests
	$(RUN) -m pytest -n 2 -m "not long"

test-long: $(VENV)/installed-dev ## the tests that take longer
	$(RUN) -m pytest -n 2 -m long

test-large: $(VENV)/installed-dev ## the same questions of a ledger of a million movements
	COMPLIANCE_LARGE=1000000 $(RUN) -m pytest -n 2 tests/large

check: format lint types contracts rules docs test ## everything before a commit

format: $(VENV)/installed-dev ## is the code formatted?
	$(RUN) -m ruff format --check .

lint: $(VENV)/installed-dev ## is it clean?
	$(RUN) -m ruff check .

types: $(VENV)/installed-dev ## do the types hold?
	$(RUN) -m mypy

contracts: $(VENV)/installed-dev ## do the rooms import only what they may?
	$(BIN)/lint-imports

rules: $(VENV)/installed ## is the law sound, and do its worked cases hold?
	$(BIN)/compliance rules check

docs: $(VENV)/installed-dev ## do the pages show what the program does?
	$(RUN) -m pytest -n 0 tests/docs

bench: $(VENV)/installed-dev ## what it costs, as ratios measured side by side
	$(RUN) -m bench $(BENCH)

golden: $(VENV)/installed-dev ## record the expected output anew; then read the difference
	$(RUN) tools/messages.py
	$(RUN) -m pytest -n 0 -m "not long" tests/cli tests/docs tests/languages --update-golden

clean: ## remove what was made, but no database
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
