# Quittance. Everything starts from a machine with Python 3.11 or later, pip, make and git: `make demo`, `make test`.

MAKEFLAGS += --no-print-directory
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PREPARE := @$(PYTHON) -m scripts.prepare
PYTEST := $(BIN)/pytest
WHOLE := faults or figure or hypothesis

# Compiled Python is kept, in one place, whatever the surroundings say: every process starts three times as fast.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode

.DEFAULT_GOAL := help
.PHONY: help demo test check reset bench scale faults lighthouse pictures messages format assets lock lint types imports unit browser coverage

help: ## this list
	@echo "Quittance: make TARGET"
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  \1\t\2/p' Makefile | expand -t 14

demo: ## a believable company on this machine: all sites, worker, Stripe simulator, mail
	$(PREPARE) demo
	@$(BIN)/quittance demo

test: ## everything: lint, types, import rules, tests on SQLite and PostgreSQL, browser tests
	$(PREPARE) test
	@$(MAKE) --jobs=2 lint types imports
	@$(MAKE) unit browser

check: ## the fast part: lint, types, import rules, most tests, on SQLite without a browser
	$(PREPARE) check
	@$(MAKE) --jobs=2 lint types imports
	$(PYTEST) tests -q -n 2 -m "not postgresql and not faults and not slow"

reset: ## forget the demo's data (and nothing else) in var/
	$(PREPARE) demo
	@$(BIN)/quittance demo forget

bench: ## side-by-side measurements; prints one table
	$(PREPARE) test
	@$(BIN)/python -m bench

scale: ## every page over the books of 100,000 customers; prints one table and keeps it in docs/scale.md
	$(PREPARE) test
	@$(BIN)/python -m bench.scale

faults: ## the long proofs: every fault in full; prints one table and keeps it in docs/faults.md
	$(PREPARE) test
	-$(PYTEST) tests e2e -m "$(WHOLE)" --hypothesis-profile whole -p no:randomly -q -o faulthandler_timeout=0 -o junit_family=xunit1 --junit-xml=.cache/faults.xml
	-$(PYTEST) tests -n 2 -m "postgresql and not ($(WHOLE))" --hypothesis-profile whole -q --junit-xml=.cache/books.xml
	@$(BIN)/python -m scripts.faults --all .cache/faults.xml .cache/books.xml docs/faults.md

lighthouse: ## Google's Lighthouse over the demo's main pages; prints one table and keeps it in docs/accessibility.md
	$(PREPARE) lighthouse
	@$(BIN)/python -m scripts.lighthouse

pictures: ## screenshots of the main pages into docs/pictures
	$(PREPARE) test
	@$(BIN)/python -m scripts.pictures

coverage: ## which branches the tests reach, as a table
	$(PREPARE) test
	$(PYTEST) tests -q -n 2 -m "not faults" --cov --cov-report=term-missing

messages: ## collect the words for translation into web/locale
	$(PREPARE) check
	@$(BIN)/python -m scripts.messages

format: ## put the code into one form
	$(PREPARE) check
	$(BIN)/ruff check -q --fix-only .
	$(BIN)/ruff format -q .

assets: ## stylesheet, scripts, icons and catalogs as the sites serve them
	$(PREPARE) assets

lock: ## choose versions anew and write the lock files
	$(PREPARE) check
	@$(BIN)/python -m scripts.lock

lint:
	$(BIN)/ruff check -q --output-format concise .
	$(BIN)/ruff format -q --check .

types:
	@mkdir -p .cache
	$(BIN)/mypy --no-error-summary

imports:
	$(BIN)/lint-imports --cache-dir .cache/import-linter

unit:
	$(PYTEST) tests -q -n 2 --dist worksteal -m "not faults"

browser:
	$(PYTEST) e2e -q -n 2 --dist worksteal -m "not faults" -p no:randomly
