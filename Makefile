# make demo   sets everything up, crawls the bundled sample portal and shows what it got
# make test   sets everything up and runs the tests
# make lint   ruff and mypy
# make docs   builds the documentation as a site, into site/
# make dev    installs every extra and the development tools

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3) python3.11)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps

.PHONY: demo test lint docs dev clean

demo: $(STAMPS)/install
	$(BIN)/newsspider demo

test: $(STAMPS)/dev
	$(BIN)/python -m pytest -n auto -rs

lint: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMPS)/docs
	$(BIN)/mkdocs build --strict --quiet

dev: $(STAMPS)/dev

# A stamp is made when an install has finished, so that the next make installs nothing.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "newsspider needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/install: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@mkdir -p $(STAMPS) && touch $(STAMPS)/install $@

$(STAMPS)/docs: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	@mkdir -p $(STAMPS) && touch $@

clean:
	rm -rf $(VENV) site build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
