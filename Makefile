# make demo   the product with sample data        make test   the whole test suite
# make check  linters, then the tests             make bench  speed against its floors
# make front  build the front end                 make clean  remove what these commands made
# make snapshots  renew what is derived from the declarations (tests/snapshots, the front's meta)
# make messages   collect the texts of the back end for translators, compile the catalogues
# make lock       choose the newest packages that setup.cfg allows, and write their hashes to requirements/
# make pictures   take the pictures of the user guide from the demo (needs a Chromium)

PORT ?= 8000
HOST ?= 127.0.0.1
RESET ?=
BIN := .venv/bin

.PHONY: help demo test check bench front wheel snapshots messages pictures lock clean

help:
	@sed -n 's/^# //p' Makefile

demo: .venv/.standalone
	@$(BIN)/python scripts/front.py build
	@$(BIN)/taiga-crm demo --host $(HOST) --port $(PORT) $(if $(RESET),--reset)

test: .venv/.dev
	@$(BIN)/python scripts/check.py tests

check: .venv/.dev
	@$(BIN)/python scripts/check.py

bench: .venv/.dev
	@$(BIN)/python -m pytest tests/bench -m bench -s

front: .venv/.standalone
	@$(BIN)/python scripts/front.py build

snapshots: .venv/.dev
	@$(BIN)/taiga-crm manage crm_explain --into tests/snapshots
	@$(BIN)/taiga-crm manage crm_meta --write

messages: .venv/.dev
	@$(BIN)/python scripts/messages.py

pictures: .venv/.dev
	@$(BIN)/python scripts/pictures.py

wheel: .venv/.dev front
	@rm -rf build dist
	@$(BIN)/python -m build --wheel

.venv/bin/python:
	@python=; \
	for candidate in $(PYTHON) python3.11 python3.10 python3 python; do \
		if $$candidate -c 'import sys, venv; sys.exit(not (3, 10) <= sys.version_info < (3, 12))' 2>/dev/null; \
		then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "taiga_crm needs Python 3.10 or 3.11 with venv, and none was found. Install one" \
			"(Debian, Ubuntu: apt-get install python3.11-venv; macOS: brew install python@3.11)," \
			"or name yours: make demo PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Creating a virtual environment with $$($$python --version)"; \
	$$python -m venv .venv || { rm -rf .venv; echo "python -m venv failed: on Debian and Ubuntu" \
		"install the package python3-venv, then try again" >&2; exit 1; }

# the packages are exactly those of the lock files, checked by their hashes
INSTALL = PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check
FAILED = { echo "pip install failed: check the network, then try again" >&2; exit 1; }

.venv/.standalone: setup.cfg requirements/standalone.txt | .venv/bin/python
	@echo "Installing the Python packages"
	@$(INSTALL) --require-hashes -r requirements/standalone.txt || $(FAILED)
	@$(INSTALL) --no-deps -e . || $(FAILED)
	@touch $@

.venv/.dev: setup.cfg requirements/dev.txt | .venv/bin/python
	@echo "Installing the Python packages, with the tools for tests"
	@$(INSTALL) --require-hashes -r requirements/dev.txt || $(FAILED)
	@$(INSTALL) --no-deps -e . || $(FAILED)
	@touch $@ .venv/.standalone

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
	--no-header --upgrade setup.cfg

lock: .venv/.dev
	@$(LOCK) --extra standalone --output-file requirements/standalone.txt
	@$(LOCK) --extra standalone --extra dev --output-file requirements/dev.txt

clean:
	rm -rf .venv .demo .demo.lock .test-db build dist *.egg-info test-results \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		taiga_crm/front/node_modules taiga_crm/static/taiga_crm
	find taiga_crm tests scripts -name __pycache__ -prune -exec rm -rf {} +
