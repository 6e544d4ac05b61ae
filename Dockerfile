# Any image with Python 3.11 or newer and glibc. For a reproducible build, give it by digest:
# --build-arg BASE_IMAGE=python:3.13-slim@sha256:…
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /opt/lenalidomide-moa
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --no-deps \
        --only-binary=:all: --require-hashes -r requirements.lock \
    && rm requirements.lock
COPY LICENSE pyproject.toml ./
COPY app ./app
COPY migrations ./migrations
COPY seed ./seed
# Compile the bytecode now, because only /data is writable at run time.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib . \
    && chmod -R a+rX,go-w .

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="lenalidomide-moa" \
    org.opencontainers.image.description="How lenalidomide works in B-cell non-Hodgkin lymphoma, with the evidence behind every claim, over HTTP." \
    org.opencontainers.image.version="0.1.0" \
    org.opencontainers.image.licenses="MIT AND CC-BY-4.0"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin moa \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/lenalidomide-moa /opt/lenalidomide-moa
# TMPDIR must be writable: files for download are made there, bundles are put aside there, and
# SQLite sorts large results there (https://www.sqlite.org/tempfiles.html).
# Two arenas for all threads: with one for each, freed memory would stay allocated.
ENV PATH=/opt/venv/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TMPDIR=/data \
    MOA_DATABASE_URL=sqlite:////data/lenalidomide-moa.db \
    MOA_HOST=0.0.0.0 \
    MOA_PORT=8000
WORKDIR /opt/lenalidomide-moa
USER 10001:10001
VOLUME /data
EXPOSE 8000
# The first start creates the database; until then the port is bound but nothing answers.
# http.client ignores proxy settings in the environment.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('MOA_PORT') or 8000), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
# Requests in progress get 10 seconds to finish: allow for that with `docker stop -t 20`.
STOPSIGNAL SIGTERM
CMD ["python", "-m", "app", "serve"]
