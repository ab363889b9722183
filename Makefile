# Foothold's commands. `make run` starts it; `make` alone lists them all.

# A Python 3.11 or newer; where `python3` is older: make run PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin
RASA := bot/rasa_server/.venv/bin/python
RASA_ENV := RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 PYTHONPATH=.
VALIDATE := $(RASA) -m rasa data validate --fail-on-warnings --config config.yml --domain domain.yml --data data
VALIDATE_LOG := var/log/validate.log
# Names, versions and hashes only. A week's wait lets others find a package that was tampered with.
LOCK := pip compile --universal --generate-hashes --no-annotate --quiet --upgrade \
	--custom-compile-command "make lock" --exclude-newer "7 days"

# Tests that need no Rasa and no browser; the others share one Foothold and go one after another.
QUICK := not rasa and not browser

# Our programs start often: let Python keep what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check audit eval network book forensics mutation lock format clean python dev

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: python ## Install what is missing, train if needed, and run Foothold until Ctrl-C
	@$(PYTHON) foothold run

test: python ## Run every test, cut off from every other machine
	@$(PYTHON) bootstrap.py --dev --browser
	@$(BIN)/python -m tests.cut_off pytest --quiet --numprocesses 2 -m "$(QUICK)"
	@$(BIN)/python -m tests.cut_off pytest --quiet -m "not ($(QUICK))"

check: dev ## Check form, types, rooms, words and training data
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml audit.py bootstrap.py foothold bot webchat
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict .
	$(BIN)/python -m bot.cli content check
	@mkdir -p -m 700 var && mkdir -p var/log
	@echo "rasa data validate"
	@env $(RASA_ENV) $(VALIDATE) > $(VALIDATE_LOG) 2>&1 || { tail -n 30 $(VALIDATE_LOG); exit 1; }

audit: dev ## Ask whether a library that we pin has a known vulnerability
	@$(BIN)/python -P audit.py

eval: python ## Train, and measure how well messages are understood: the figures of docs/understanding.md
	@$(PYTHON) foothold eval --write

network: python ## Make the network anew that reads messages, after changing data/ (half an hour; downloads 3 GB)
	@uv=$$($(PYTHON) bootstrap.py --uv) && set -ex && \
	"$$uv" venv --quiet --clear --python 3.11 var/learning && \
	VIRTUAL_ENV=var/learning "$$uv" pip install --quiet --require-hashes -r bot/learning/requirements.txt && \
	var/learning/bin/python -m bot.learning

book: dev ## Write docs/danger.md anew from the rules and the words
	$(BIN)/python -m bot.cli content book --chapter danger --output docs/danger.md

forensics: python ## Write docs/exit-forensics.md anew: what a visit leaves on the device and the server
	@$(PYTHON) bootstrap.py --dev --browser
	FOOTHOLD_WRITE_REPORT=1 $(BIN)/python -m pytest --quiet tests/browser/test_exit_forensics.py

mutation: dev ## Bend every rule of the pure room, one at a time: a test has to notice (minutes)
	HYPOTHESIS_PROFILE=mutation $(BIN)/python -P -m mutmut run
	$(BIN)/python -P -m mutmut results

lock: python ## Choose newer versions and write the requirement files
	@uv=$$($(PYTHON) bootstrap.py --uv) && set -ex && \
	"$$uv" $(LOCK) --python-version 3.11 --group bootstrap -o requirements-bootstrap.txt && \
	"$$uv" $(LOCK) --python-version 3.11 pyproject.toml -o requirements.txt && \
	"$$uv" $(LOCK) --python-version 3.11 pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt && \
	"$$uv" $(LOCK) --python-version 3.10 bot/rasa_server/requirements.in -o bot/rasa_server/requirements.txt && \
	"$$uv" $(LOCK) --python-version 3.11 bot/learning/requirements.in -o bot/learning/requirements.txt

format: dev ## Format the code, and mend what can be mended by a tool
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean: ## Remove environments and caches; the data in var/ stays
	rm -rf .venv .uv bot/rasa_server/.venv .rasa .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find bot webchat tests -name __pycache__ -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) > /dev/null || { echo "Foothold needs Python 3.11 or newer: install it, or name it as in make run PYTHON=python3.12" >&2; exit 1; }

dev: python
	@$(PYTHON) bootstrap.py --dev
