# `make demo` and `make test` set themselves up: Python 3.11+, make and the package registries suffice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DRAWS := $(VENV)/.hardware

.PHONY: demo test lint bench chip console-test hardware mutants soak clean

demo: $(READY)
	$(BIN)/python examples/demo.py

test: $(READY) lint
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

bench: $(READY)
	$(BIN)/python -m tests.bench

# Plants a defect for each safety requirement, one at a time: its tests must find it.
mutants: $(READY)
	$(BIN)/python -m tests.mutants

# The long hunts: power cuts, bad lines, bad links, a million shots. About an hour.
soak: $(READY)
	$(BIN)/python -m tests.hunts

# The whole chip, emulated; MESOGUN_UF2 names a MicroPython image for the Pico.
chip: $(READY)
	$(BIN)/python -m pytest tests/whole_chip -rs --durations=0

# The clinician's page in a real browser; MESOGUN_PICTURES=docs/pictures also takes docs/operator.md's pictures.
console-test: $(READY)
	@command -v $${MESOGUN_CHROMIUM:-chromium} >/dev/null || { echo "chromium is missing: apt-get install chromium"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[console-test]"
	$(BIN)/python -m pytest --timeout=300 tests/console_browser

# The hardware's plans: checked with the tools that draw and export them, then drawn anew.
hardware: $(DRAWS)
	$(BIN)/python -m hardware.consistency
	$(BIN)/python -m hardware.bom
	$(BIN)/python -m pytest tests/hardware_drawn tests/hardware_cad
	$(BIN)/python -m hardware.electronics
	$(BIN)/python -m hardware.mechanics

$(DRAWS): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[hardware]"
	touch $(DRAWS)

$(READY): pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'mesogun needs Python 3.11 or later')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $(READY)

clean:
	rm -rf build $(VENV)
