# syntax=docker/dockerfile:1
# One image for web, worker, relay, beat and the one-shot migratie; compose gives each its command.
FROM python:3.12-slim-bookworm AS bouw
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /bouw
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-deps --require-hashes -r requirements.lock

FROM bouw AS statisch
WORKDIR /app
COPY . .
# Only to collect files: no database, no secret that lasts.
RUN OVERSTAP_STATIC=/static OVERSTAP_DATA=/nergens /venv/bin/python manage.py collectstatic --no-input

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=overstap.settings OVERSTAP_PRODUCTIE=1 OVERSTAP_DATA=/data OVERSTAP_STATIC=/static
RUN useradd --system --uid 10001 --home-dir /data --create-home overstap
WORKDIR /app
COPY --from=bouw /venv /venv
COPY --from=statisch /static /static
COPY --from=statisch /app /app
USER overstap
VOLUME /data
EXPOSE 8000
# The probe speaks for the first host of OVERSTAP_HOSTS, the only name the site answers to.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "overstap.basis.probe"]
CMD ["gunicorn", "overstap.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--timeout", "60", "--graceful-timeout", "20", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
