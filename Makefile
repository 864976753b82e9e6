# The commands of the project; each is safe to run again.
PY := .venv/bin/python
PORT ?= 8000
SHELL := /bin/bash
export PORT
.DEFAULT_GOAL := help
LINTS := types migrations style imports messages lock audit sbom
.PHONY: help demo test lint $(LINTS:%=lint-%) lock audit sbom observatory bench bench-dashboard load screenshots pictures messages clean

help:
	@echo 'make demo         set up, load the demo and run the portal (PORT=8000)'
	@echo 'make test         set up for development and run the tests (ARGS=...)'
	@echo 'make lint         style, types, import rules, migrations, messages, lock files, audit, bill of materials'
	@echo 'make lock         resolve pyproject.toml into the lock files'
	@echo 'make audit        look for known holes in the packages of the lock files'
	@echo 'make sbom         write the software bill of materials (CycloneDX) to var/sbom/'
	@echo 'make observatory  score the headers of a served portal (docs/operations.md)'
	@echo 'make bench        measure on national data; writes docs/performance.md (ARGS=..., docs/performance.md)'
	@echo 'make bench-dashboard measure the steering dashboard on the demonstration'
	@echo 'make load         200 officers on the last day of a period (ARGS=--officers 50 --minutes 2)'
	@echo 'make screenshots  take every page of a running demo in every look, and check it'
	@echo 'make pictures     make the pictures of the documentation (ARGS=help: of the help)'
	@echo 'make messages     collect and compile translations'
	@echo 'make clean        stop the database; remove var/ and .venv'

# exec, so that a signal reaches the portal itself and nothing waits in between.
demo:
	@scripts/setup && IS_DEMO=$${IS_DEMO:-1} exec $(PY) scripts/prepare-demo --serve

test:
	@scripts/setup --dev
	$(PY) -m pytest -n 3 $(ARGS)

# The types take longest by far, so the other checks run beside them. Every failure is told.
lint:
	@scripts/setup --dev
	@$(MAKE) --no-print-directory --jobs 2 --keep-going --output-sync=target \
		$(LINTS:%=lint-%)

lint-types:
	$(PY) -m mypy .

lint-migrations:
	$(PY) manage.py makemigrations --check --dry-run

lint-style:
	$(PY) -m ruff check . scripts/prepare-demo
	$(PY) -m ruff format --check . scripts/prepare-demo

lint-imports:
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

lint-messages:
	@if [ -x scripts/check-messages ]; then scripts/check-messages; fi

lint-lock:
	scripts/check-lock

lint-audit:
	$(PY) scripts/audit-dependencies

# Written from the lock file of what runs, and checked against the schema of CycloneDX.
lint-sbom:
	@mkdir -p var/sbom
	$(PY) -m cyclonedx_py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
		--validate --output-file var/sbom/portal.cdx.json requirements.lock

audit sbom:
	@scripts/setup --dev
	@$(MAKE) --no-print-directory lint-$@

observatory:
	scripts/observatory $(ARGS)

lock:
	@scripts/setup --dev
	scripts/check-lock --write

bench:
	@scripts/setup
	$(PY) -m benchmarks $(ARGS)

load:
	@scripts/setup --dev
	$(PY) -m benchmarks.load $(ARGS)

bench-dashboard:
	@scripts/setup
	$(PY) -m benchmarks.dashboard

screenshots:
	@scripts/setup --dev
	$(PY) scripts/all_pages.py $(ARGS)

pictures:
	@scripts/setup --dev
	$(PY) scripts/screenshots.py $(ARGS)

messages:
	@scripts/setup --dev
	$(PY) manage.py makemessages --locale vi --no-location --ignore 'var/*' --ignore '.venv/*' --ignore 'tests/*'
	@scripts/setup --dev

clean:
	@echo 'make clean: stopping the embedded database and removing var/ (with all its data) and .venv'
	@if [ -x $(PY) ]; then $(PY) -m config.embedded stop; fi
	rm -rf var .venv
