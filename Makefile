# make start | make test | make bench | make beelden | make lint: all there is to know. See README.md.
#
# Needs python3 (3.11 or newer) and make, nothing else. PORT, HOST and OVERSTAP_DATA may be given: make start PORT=8001
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help start test storingen bench lint beelden omgeving browser

PYTHON ?= python3
PY := .venv/bin/python
export PORT HOST OVERSTAP_DATA

help:
	@echo "make start   alles starten (PORT=8000)"
	@echo "make test    alle tests, ook in de browser"
	@echo "make storingen alles honderd keer laten vallen"
	@echo "make bench   de tabel van prestaties"
	@echo "make beelden de plaatjes van de handleiding opnieuw maken"
	@echo "make lint    opmaak, linter, typen, importcontracten, templates, migraties"

# The environment, made again only when the lock changed. The copy of the lock is written last: a broken install is repeated.
omgeving:
	@cmp -s requirements.lock .venv/.requirements.lock || { \
	  python=""; \
	  for kandidaat in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$kandidaat" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$kandidaat"; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then echo "Overstap heeft Python 3.11 of nieuwer nodig; dat is hier niet gevonden (PYTHON=...)." >&2; exit 1; fi; \
	  if ! .venv/bin/python -m pip --version >/dev/null 2>&1 && ! .venv/bin/python -m ensurepip --upgrade >/dev/null 2>&1; then \
	    "$$python" -m venv --clear .venv || { echo "python -m venv lukt hier niet; op Debian en Ubuntu: installeer python3-venv." >&2; exit 1; }; \
	  fi; \
	  echo "Overstap: Python-omgeving installeren (alleen de eerste keer en na een wijziging) ..."; \
	  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements.lock \
	    || { echo "De Python-omgeving is niet compleet; zie hierboven." >&2; exit 1; }; \
	  cp requirements.lock .venv/.requirements.lock; \
	}

start: omgeving
	@exec $(PY) -m overstap.basis.embedded.starter

# A Chromium of the system; as root it is installed, else one line says what is missing.
browser:
	@for naam in chromium chromium-browser google-chrome google-chrome-stable; do \
	  command -v $$naam >/dev/null 2>&1 && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Overstap: Chromium installeren voor de browsertests ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 </dev/null \
	    && command -v chromium >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "make test: er is geen Chromium voor de browsertests. Installeer chromium (Debian: apt-get install chromium) en probeer opnieuw." >&2; \
	exit 1

# Bytecode is kept, also where the environment says not to: compiling the tests anew takes each process seven seconds.
# Both parts always run, and either one's failure is the result. pytest's 5 is "no test of this kind": fine for the second part.
test: omgeving browser
	@fout=0; export PYTHONDONTWRITEBYTECODE=; \
	$(PY) -m pytest -m snel -n 2 -q || fout=1; \
	$(PY) -m pytest -m "not snel" -q; code=$$?; \
	[ $$code = 0 ] || [ $$code = 5 ] || fout=1; \
	exit $$fout

# A hundred killed processes instead of a few, and database and broker apart. See docs/storingen.md.
storingen: omgeving
	@OVERSTAP_RONDES=100 $(PY) -m pytest -m storing -q

bench: omgeving
	@$(PY) -m tests.bench

# The screenshots of docs/handleiding, made again from the demo on three days.
beelden: omgeving browser
	@$(PY) -m tests.browser.beelden

# All of them run, so that one look shows everything there is to mend.
lint: omgeving
	@export DJANGO_SETTINGS_MODULE=overstap.settings; fout=0; \
	doe() { "$$@" || { echo "make lint: mislukt: $$*" >&2; fout=1; }; }; \
	doe .venv/bin/ruff format --check .; \
	doe .venv/bin/ruff check .; \
	doe .venv/bin/mypy; \
	doe .venv/bin/lint-imports; \
	doe .venv/bin/djlint templates --check --quiet; \
	doe .venv/bin/djlint templates --lint --quiet; \
	doe $(PY) manage.py makemigrations --check --dry-run; \
	doe .venv/bin/deptry .; \
	exit $$fout
