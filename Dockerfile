FROM python:3.11-slim-bookworm

ENV DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PYTHONUNBUFFERED=1 \
    UV_CACHE_DIR=/var/cache/uv \
    UV_LINK_MODE=copy

WORKDIR /srv/mozg

COPY scripts/apt-packages.txt scripts/
RUN apt-get -qq update \
    && xargs -a scripts/apt-packages.txt apt-get -qq install --yes --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*

COPY . .
RUN --mount=type=cache,target=/var/cache/uv SYSTEM=0 scripts/setup.sh

# The code stays root's, so that nothing a notebook does can change it.
RUN useradd --system --create-home --uid 10001 mozg \
    && mkdir -p var reports/archive \
    && chown -R mozg:mozg var reports/archive
USER mozg

ENV PATH=/srv/mozg/.venv/bin:$PATH
CMD ["mozg", "up"]
