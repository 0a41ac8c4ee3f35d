# Everything lives in .venv and instance/; nothing needs root. `make help` lists the words.
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
SOURCES_OF_INSTALL := setup.cfg setup.py pyproject.toml package.json package-lock.json constraints.txt requirements.lock
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt

.SUFFIXES:
.PHONY: help install run test bench soak lint types imports templates pytest browser-for-tests messages constraints lock sbom audit-dependencies clean

help:
	@echo "make install   set up .venv and the portal command"
	@echo "make run       set up, then serve on http://127.0.0.1:8000 (PORT=8001 make run for another port)"
	@echo "make test      lint, types, import contracts, templates, tests with browser"
	@echo "make bench     the benchmarks"
	@echo "make soak      the long runs"
	@echo "make sbom      list what the portal is made of in build/sbom.json (CycloneDX)"
	@echo "make audit-dependencies  look for known holes in what is locked"
	@echo "make messages  bring the translation catalogues up to date with the sources"

install: $(STAMPS)/base $(CATALOGUES)
	@:

run: install
	@exec $(BIN)/portal serve --demo

test: lint types imports templates $(if $(CI),audit-dependencies) pytest

lint: $(STAMPS)/dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "ruff format would change these files: $(BIN)/ruff format --check ." >&2; exit 1; }

types: $(STAMPS)/dev
	@$(BIN)/mypy

imports: $(STAMPS)/dev
	@$(BIN)/lint-imports

templates: $(STAMPS)/dev
	@$(BIN)/djlint templates --lint --quiet

pytest: $(STAMPS)/dev $(CATALOGUES) browser-for-tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

browser-for-tests: $(STAMPS)/dev
	@$(BIN)/python tools/chromium.py > /dev/null

bench: $(STAMPS)/bench $(CATALOGUES)
	@$(BIN)/python -m bench

soak: $(STAMPS)/dev $(CATALOGUES)
	@$(BIN)/python -m pytest -m soak -s

messages: $(STAMPS)/dev
	@$(BIN)/python tools/messages.py

# The versions the tests ran with; written again after a change of setup.cfg.
constraints: $(STAMPS)/dev $(STAMPS)/bench
	@$(BIN)/python -m pip --disable-pip-version-check freeze --exclude-editable > constraints.txt

# The hashes of what the portal needs to run; written again after `make constraints`.
lock: $(STAMPS)/dev
	@$(BIN)/python tools/lock.py

sbom: $(STAMPS)/dev
	@$(BIN)/python tools/sbom.py

audit-dependencies: $(STAMPS)/dev
	@$(BIN)/python tools/audit.py

clean:
	@rm -rf $(VENV) build dist *.egg-info portal/static/vendor translations/*/LC_MESSAGES/messages.mo

$(BIN)/python:
	@[ -w . ] || { echo "cannot write in $(CURDIR): make the folder writable and run make again" >&2; exit 1; }
	@python=$$(sh tools/python.sh) && "$$python" -m venv $(VENV)

$(STAMPS)/base: $(SOURCES_OF_INSTALL) | $(BIN)/python
	@echo "Installing Yinuo into $(VENV); the first time this takes about a minute."
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements.lock
	@$(PIP) --editable . --no-deps
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: $(SOURCES_OF_INSTALL) | $(STAMPS)/base
	@echo "Adding what the tests need."
	@$(PIP) --editable '.[dev]'
	@mkdir -p $(STAMPS) && touch $@ $(STAMPS)/base

$(STAMPS)/bench: $(SOURCES_OF_INSTALL) | $(STAMPS)/base
	@echo "Adding what the benchmarks compare with."
	@$(PIP) --editable '.[bench]'
	@mkdir -p $(STAMPS) && touch $@ $(STAMPS)/base

%.mo: %.po | $(STAMPS)/base
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))
