# MOZG Analytics. `make` alone lists what can be made.

BIN   := .venv/bin
CLI   := $(BIN)/mozg
SERVE ?= 1

export PATH := $(CURDIR)/$(BIN):$(PATH)
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export JUPYTERLAB_CHECK_FOR_UPDATES := false
# Without bytecode on disk every notebook kernel compiles its libraries again: seconds for each report.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo up lab test soak lint format messages bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from requirements.lock, system packages included (SYSTEM=0: without them)
	@scripts/setup.sh

demo: setup ## simulate a chain, sync it, run every report, then serve (SERVE=0: end after the table; DEMO_YEARS=2)
	@$(CLI) demo $(if $(filter 0,$(SERVE)),--no-serve)

up: setup ## serve API, dashboards, JupyterLab and schedules on this machine (ARGS="--no-lab": without JupyterLab)
	@$(CLI) up $(ARGS)

lab: setup ## open the notebooks in JupyterLab (loopback only, no news, no update checks)
	@$(CLI) lab $(if $(ORGANIZATION),--organization $(ORGANIZATION))

test: setup ## run all tests but the long ones, in two processes (ARGS="-k till": some of them, ARGS="-n 0": in one)
	@$(BIN)/python -m pytest -q -m "not soak" -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

soak: setup ## run the long tests
	@$(BIN)/python -m pytest -q -m soak --timeout 0 $(ARGS)

lint: setup ## check style, types, layers and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	git ls-files -z '*.ipynb' | xargs -0 -r $(BIN)/nbstripout --keep-id --verify

format: setup ## put style and notebooks in order
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .
	@git ls-files -z '*.ipynb' | xargs -0 -r $(BIN)/nbstripout --keep-id

messages: setup ## bring the translations in step with the sources (ARGS=de: begin a language)
	@$(BIN)/python scripts/messages.py $(ARGS)

bench: setup ## measure beside named peers (ONLY=load|sync|query|dashboards|runs|forecast|api|scale)
	@$(BIN)/python -m bench $(ONLY)

lock: setup ## raise requirements.lock to the newest versions allowed (ARGS="--upgrade-package plotly": one)
	@scripts/lock.sh $(ARGS)

clean: ## remove caches (ALL=1: .venv too); data stays
	@scripts/clean.sh
