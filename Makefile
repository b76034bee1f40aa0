# Two commands do everything on a fresh Debian machine:
#   make demo   set up, then start the hub with three hospitals and synthetic patients (Ctrl-C ends it)
#   make test   set up, then run every check and test
# Others: setup, setup-ai, web, check, bench [ONLY=name …], lock, clean; demo-plan: a plan book on the command line.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := src tests bench
DEMO_OUT ?= out/demo
STATIC := src/teleneedle/apps/hub/static
WEB_SOURCES = $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/bench/*' 2>/dev/null)
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: setup setup-dev demo test check bench lock clean
.DEFAULT_GOAL := help

.PHONY: help
help:
	@sed -n '2,4s/^# \{0,1\}//p' Makefile

## Set-up -------------------------------------------------------------------------------------------

$(VENV)/.debian-run: scripts/install_debian_packages.sh requirements/debian-run.txt
	@bash scripts/install_debian_packages.sh requirements/debian-run.txt
	@test -x $(BIN)/python || { echo "[setup] virtual environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@touch $@

$(VENV)/.debian-test: scripts/install_debian_packages.sh requirements/debian-test.txt $(VENV)/.debian-run
	@bash scripts/install_debian_packages.sh requirements/debian-test.txt
	@touch $@

$(VENV)/.python-run: requirements/ai.txt pyproject.toml $(VENV)/.debian-run
	@echo "[setup] Python packages (hashed lock requirements/ai.txt)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ai.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "[setup] compiling kernels once"
	@$(BIN)/teleneedle selftest --warm-up
	@touch $@

$(VENV)/.python-dev: requirements/dev.txt $(VENV)/.python-run $(VENV)/.debian-test
	@echo "[setup] test and lint packages (hashed lock requirements/dev.txt)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

web/node_modules/.ready: web/package-lock.json $(VENV)/.python-run
	@echo "[setup] npm packages (web/package-lock.json)"
	@cd web && $(WITH_NODE) npm ci --silent --no-audit --no-fund
	@touch $@

$(STATIC)/index.html: $(WEB_SOURCES) web/node_modules/.ready
	@echo "[setup] building the web app"
	@cd web && $(WITH_NODE) npm run --silent build
	@touch $@

.PHONY: web
web: $(STATIC)/index.html

setup: $(VENV)/.python-run web
	@echo "[setup] ready: $(BIN)/teleneedle"

setup-dev: $(VENV)/.python-dev

# Optional: a second environment for nnU-Net and TotalSegmentator, about 3 GB; the product never imports torch.
.PHONY: setup-ai
setup-ai: .venv-ai/.ready

.venv-ai/.ready: requirements/ai-torch.constraints
	@test -x .venv-ai/bin/python || $(PYTHON) -m venv .venv-ai
	@.venv-ai/bin/pip install --quiet -c requirements/ai-torch.constraints torch
	@.venv-ai/bin/pip install --quiet -c requirements/ai-torch.constraints nnunetv2
	@touch $@

## Use ----------------------------------------------------------------------------------------------

demo: setup
	@$(BIN)/teleneedle demo --folder $(DEMO_OUT)

.PHONY: demo-plan
demo-plan: setup
	@$(BIN)/teleneedle demo-plan --out $(DEMO_OUT)-plan

## Check --------------------------------------------------------------------------------------------

check: setup-dev web
	@echo "[check] ruff"      && $(BIN)/ruff check $(SOURCES) && $(BIN)/ruff format --check $(SOURCES)
	@echo "[check] mypy"      && $(BIN)/mypy
	@echo "[check] imports"   && $(BIN)/lint-imports
	@echo "[check] web"       && cd web && $(WITH_NODE) npm run --silent check

KEEPS_RECORDS = tests/contract/test_case_log.py tests/unit/hub tests/security/test_access_matrix.py \
  tests/security/test_oidc.py tests/integration/hub tests/integration/test_backup_drill.py

test: check
	@test -f .venv-ai/.ready || echo "[test] without nnU-Net itself (make setup-ai adds it)"
	@echo "[test] pytest" && $(BIN)/pytest -n 2 --dist loadfile --ignore tests/acceptance/browser
	@echo "[test] what keeps records, on PostgreSQL" && \
	  TELENEEDLE_TEST_DATABASE=postgres $(BIN)/pytest -n 2 --dist loadfile $(KEEPS_RECORDS)
	@echo "[test] in a real browser" && $(BIN)/pytest tests/acceptance/browser

bench: setup-dev web
	@$(BIN)/python -m bench $(ONLY)

## Keep ---------------------------------------------------------------------------------------------

# Renew the hashed locks from requirements/*.in.
lock: setup-dev
	@$(BIN)/pip install --quiet uv
	@for name in core ai dev; do $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal \
	  --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" \
	  requirements/$$name.in -o requirements/$$name.txt; done

clean:
	rm -rf $(VENV) web/node_modules web/bench/peers/node_modules $(STATIC) out artifacts bench/results .mypy_cache .pytest_cache .ruff_cache
