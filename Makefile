# make report: set-up, the main job on the demonstration cohort, the rendered manuscript.
# make test:   set-up and the tests, shared out by file among three processes, which keep two cores
#              busy (WORKERS=6: six), with the twenty slowest listed at the end. Long proofs, for each
#              of which a quick test stands here (the marker `proof`), are left to `make prove`.
# make bench:  set-up, and the speed of the statistics, the models and radiomics beside other
#              packages, as tables (minutes).
# make robustness: set-up, the robustness tests, and docs/robustness.md from what they tried.
# make prove:  the same with the long proofs: tests with that marker, 50 kills at random moments,
#              how time and memory grow with the patients, fuzz and mutate, and a small study on
#              emulated processors where qemu-x86_64 10 or newer is installed (an hour or two).
# make docs:   the documentation as a site in docs/_build/html; its commands are run, warnings are
#              errors, nothing is fetched.
# make audit:  known vulnerabilities of the pinned dependencies, by pip-audit; fails where one could
#              not be audited.
# make lint:   ruff and mypy. make coverage: the tests, and the lines that they run (at least 95 %).
# make fuzz:   10,000 image files with flipped bytes. make mutate: changed statistics, and how many
#              the tests notice.
# make verify: the main job, then every number that its predictions allow computed again, and
#              compared with the committed lock; where identical numbers can't be expected (native
#              arithmetic, other versions) it says so, and what rests on training has no say.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STUDY  ?= study.yml
# The package with what a target needs beside it: $(INSTALL) ".[docs]".
INSTALL = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check \
	--constraint constraints.txt --editable

.PHONY: report test docs bench verify robustness prove audit setup clean fuzz lint coverage mutate

report: $(VENV)/.installed
	@$(BIN)/early-recurrence report --study $(STUDY)

# Some hundred processes import the package: its compiled modules are kept for them.
test: $(VENV)/.installed
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(or $(WORKERS),3) --dist loadfile \
		-m "not proof" --durations=20

# Tutorials are run for the build, and what they gave is kept until they or the package change.
docs: $(VENV)/.installed
	@$(INSTALL) ".[docs]"
	@$(BIN)/python -m sphinx -W --keep-going -q -j $(or $(WORKERS),2) docs docs/_build/html
	@echo docs/_build/html/index.html

bench: $(VENV)/.installed
	@$(INSTALL) ".[bench]"
	@$(BIN)/python -m benchmarks

verify: $(VENV)/.installed
	@$(BIN)/early-recurrence run --study $(STUDY)
	@$(BIN)/early-recurrence bundle --study $(STUDY) --output .cache/bundle.zip
	@$(BIN)/early-recurrence verify .cache/bundle.zip --lock results.lock.json --trained-elsewhere

# What the tests try is noted here, and the page is made of the notes.
NOTES := $(CURDIR)/.cache/robustness

robustness: $(VENV)/.installed
	@rm -rf $(NOTES)
	@EARLY_RECURRENCE_ROBUSTNESS=$(NOTES) \
		$(BIN)/python -m pytest tests/robustness tests/imaging/convert
	@$(BIN)/python docs/make_robustness.py $(NOTES)

prove: $(VENV)/.installed
	@rm -rf $(NOTES)
	@EARLY_RECURRENCE_KILLS=50 EARLY_RECURRENCE_ROBUSTNESS=$(NOTES) \
		$(BIN)/python -m pytest tests/robustness tests/imaging/convert
	@$(BIN)/python -m pytest -m proof
	@EARLY_RECURRENCE_ROBUSTNESS=$(NOTES) $(BIN)/python -m benchmarks.load
	@EARLY_RECURRENCE_ROBUSTNESS=$(NOTES) $(BIN)/python -m tests.robustness.mutants
	@EARLY_RECURRENCE_ROBUSTNESS=$(NOTES) $(BIN)/python -m tests.robustness.mutate
	@$(BIN)/python -m tests.robustness.processors
	@$(BIN)/python docs/make_robustness.py $(NOTES)

audit: $(VENV)/.installed
	@$(INSTALL) ".[audit]"
	@$(BIN)/python -m benchmarks.audit

setup: $(VENV)/.installed

# The stamp is written last, so an interrupted installation is done again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 13) else \
		"Python 3.11 or 3.12 is needed, this is %d.%d; name another with:" % sys.version_info[:2] \
		+ " make PYTHON=python3.11 $(MAKECMDGOALS)")'
	@echo "Setting up $(VENV) (a few minutes the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) .cache data outputs _report

fuzz: $(VENV)/.installed
	@$(BIN)/python -m tests.robustness.mutants --count $(or $(MUTANTS),10000) --seed $(or $(SEED),1)

lint: $(VENV)/.installed
	@$(INSTALL) ".[lint]"
	@$(BIN)/ruff check analysis models early_recurrence tests benchmarks
	@$(BIN)/mypy analysis models early_recurrence

# Lines that the tests run in their own process; work in joblib's processes is not counted.
coverage: $(VENV)/.installed
	@$(INSTALL) ".[lint]"
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered \
		--cov-report=xml:.cache/coverage.xml --cov-fail-under=$(or $(LEAST),95)

mutate: $(VENV)/.installed
	@$(BIN)/python -m tests.robustness.mutate --count $(or $(MUTANTS),200) --seed $(or $(SEED),1)
