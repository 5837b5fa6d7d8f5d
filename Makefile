# Two commands do all set-up on a fresh Debian or Ubuntu machine:
#   make run    starts the program
#   make test   passes the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check doctor selftest setup setup-test benchmarks train-judge calibrate judge-report screenshots clean

run: setup
	$(BIN)/vivavoce $(ARGS)

test: setup-test check
	$(BIN)/python -m pytest

check: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/vivavoce bank check

doctor selftest: setup
	$(BIN)/vivavoce $@

setup:
	@packaging/system-libraries run
	@$(MAKE) --no-print-directory $(VENV)/.installed-run

setup-test:
	@packaging/system-libraries test
	@$(MAKE) --no-print-directory $(VENV)/.installed-test

# pip is asked again only when what is to be installed has changed.
$(VENV)/.installed-run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.installed-run

# Longer than a test may be; each prints a table and keeps it beside itself.
benchmarks: setup-test
	$(BIN)/python tests/benchmarks/event_loop.py
	$(BIN)/python tests/benchmarks/kill_recording.py
	$(BIN)/python tests/benchmarks/reliability.py
	$(BIN)/python tests/benchmarks/while_speaking.py
	$(BIN)/python tests/benchmarks/live_words.py
	$(BIN)/python tests/benchmarks/terms.py
	$(BIN)/python tests/benchmarks/delivery.py
	$(BIN)/python tests/benchmarks/lost_samples.py
	$(BIN)/python tests/benchmarks/voice_heard_back.py

# Three to four hours on two cores; the calibration is fitted to the readers and has to follow.
train-judge: setup-test
	$(BIN)/python packaging/train_judge.py reader
	$(BIN)/python packaging/train_judge.py passage-reader
	$(BIN)/python packaging/calibrate_judge.py

calibrate: setup-test
	$(BIN)/python packaging/calibrate_judge.py

judge-report: setup-test
	$(BIN)/python tests/benchmarks/judge_report.py
	$(BIN)/python tests/benchmarks/typed_and_spoken.py
	$(BIN)/python tests/benchmarks/bank_rates.py

screenshots: setup-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/pictures/take.py

clean:
	rm -rf $(VENV) build dist
