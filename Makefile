# Two commands do everything on a fresh machine: `make report` and `make test`.
# Needed: git, make, Python 3.11 with venv. Everything else comes from requirements.lock.

PYTHON ?= python3
PICTURE = wording-share-capital.png
STUDY ?= data/demo
# Of `make explore`, such as OPTIONS="--no-browser --port 8899".
OPTIONS ?=
# A caller's own settings must not leak in: no user site, no other environment's packages.
export PYTHONNOUSERSITE = 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE MPLBACKEND

.PHONY: report test explore figures lint lock clean
.DEFAULT_GOAL := report

report: .venv/ready
	.venv/bin/samestory report $(STUDY)

test: .venv/ready
	.venv/bin/python -m pytest -n auto --dist loadgroup

explore: .venv/ready
	.venv/bin/samestory explore $(STUDY) $(OPTIONS)

# The figures that are committed, and the README's picture, which is one of them; tests make them anew and compare. After
# a change that is meant.
figures: .venv/ready
	rm -rf figures/demo figures/ceasefire-2024
	.venv/bin/samestory report data/demo
	.venv/bin/samestory report data/ceasefire-2024
	cp figures/ceasefire-2024/$(PICTURE) docs/

lint: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

# The last step compiles the token loops once, so that no first run has to wait for it.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Samestory needs Python 3.11 or later; set PYTHON=")'
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv/bin/python -m analysis.coding.warm
	touch $@

# For maintainers, after a change of pyproject.toml (uv is needed for the lock only; installing needs pip alone).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml -o requirements.lock
	$(MAKE) environment.yml

environment.yml: pyproject.toml | .venv/ready
	.venv/bin/pyproject2conda yaml --python-include 'python>=3.11,<3.13' --name samestory --channel conda-forge --req='-e .' \
		--custom-command 'make environment.yml' --overwrite force --output $@

# docs/reference.md, from the help of the commands and the docstrings; a test says when it is stale.
.PHONY: reference
reference: .venv/ready
	.venv/bin/python docs/make_reference.py

clean:
	rm -rf .venv reports data/*/tables
