# Build: docker build -t drafter .   Everything that is installed is named in requirements.lock with its hash.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/drafter
WORKDIR /src
COPY requirements.lock ./
RUN /opt/drafter/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock
COPY drafter ./drafter
COPY prompts ./prompts
COPY guardrails ./guardrails
COPY evals ./evals

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/drafter --create-home drafter
COPY --from=build /opt/drafter /opt/drafter
# As in a checkout, nothing of ours is built: the words stay beside the code that reads them.
COPY --from=build /src /opt/drafter-source
ENV PATH=/opt/drafter/bin:$PATH \
    PYTHONPATH=/opt/drafter-source \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DRAFTER_HOST=0.0.0.0 \
    DRAFTER_PORT=8080 \
    DRAFTER_CACHE_DIR=/var/lib/drafter/cache \
    DRAFTER_DATABASE_URL=sqlite+aiosqlite:////var/lib/drafter/drafter.db
USER 10001
WORKDIR /var/lib/drafter
VOLUME /var/lib/drafter
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
ENTRYPOINT ["python", "-m", "drafter"]
CMD ["serve"]
