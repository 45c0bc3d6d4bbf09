# Any image with CPython >= 3.11 and its venv module serves; docker/prove.sh passes one made on the spot.
ARG BASE=python:3.12-slim

# ---- build: what only building needs stays here
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
# Two environments: /build has pip and the build backend, /opt/nabla only what serves. Each file must have its hash.
RUN python3 -m venv /build \
 && python3 -m venv --without-pip /opt/nabla \
 && /build/bin/python -m pip install --require-hashes --no-deps -r requirements-build.txt \
 && /build/bin/python -m pip --python /opt/nabla/bin/python install --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml LICENSE ./
COPY engine engine
COPY app app
COPY docker/sbom.py ./
# Bytecode is compiled here, because the service cannot write it. NumPy's and SciPy's own tests are left out.
RUN /build/bin/python -m pip wheel --no-build-isolation --no-deps --no-index --wheel-dir /wheel . \
 && /build/bin/python -m pip --python /opt/nabla/bin/python install --no-deps --no-index /wheel/*.whl \
 && find /opt/nabla -type d -name tests \( -path '*/numpy/*' -o -path '*/scipy/*' \) -prune -exec rm -r {} + \
 && /opt/nabla/bin/python -I sbom.py >/opt/nabla/sbom.cdx.json

# ---- run: the base and one environment
FROM ${BASE}
COPY --from=build /opt/nabla /opt/nabla
ENV PATH=/opt/nabla/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# Settings, so that the health check asks the port that the server listens on, whichever it is.
ENV NABLA_HOST=0.0.0.0 NABLA_PORT=8000
# A number, so that an orchestrator can see that it is not root; it needs no account, and owns no file.
USER 10001:10001
WORKDIR /
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as http; http.urlopen(f'http://127.0.0.1:{os.environ[\"NABLA_PORT\"]}/healthz', timeout=2)"]
ENTRYPOINT ["nabla"]
CMD ["serve"]
