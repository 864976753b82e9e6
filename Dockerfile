# The portal for a served deployment: web, worker and beat run from this one image.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE}
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-liberation2 gettext \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10138 portal
WORKDIR /srv/portal
COPY requirements.lock .
RUN pip install --no-deps --require-hashes --requirement requirements.lock
COPY . .
RUN for po in locale/*/LC_MESSAGES/django.po; do msgfmt --output-file="${po%.po}.mo" "$po"; done \
    && SECRET_KEY=only-for-collecting-static-files-0123456789-0123456789 \
       DATABASE_URL=postgres://nobody@localhost/none python manage.py collectstatic --noinput \
    && mkdir -p var/files var/metrics var/drill /var/backups/portal && chown -R portal var /var/backups/portal
USER portal
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--threads", "4", "--timeout", "60", "--graceful-timeout", "30", "--max-requests", "5000", \
     "--max-requests-jitter", "500", "--no-control-socket"]
