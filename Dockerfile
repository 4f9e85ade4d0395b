# The program alone; the databases are in the volume /data. compose.yaml runs a server and a scraper of it.
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends rsync && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN /src/deploy/install.sh /opt/dispatch-box && cp /src/deploy/healthcheck.py /opt/dispatch-box/ && rm -rf /src \
  && useradd --create-home --uid 10001 dispatch && install -d -o dispatch -g dispatch -m 700 /data
ENV PATH=/opt/dispatch-box/bin:$PATH DB_DIR=/data HOST=0.0.0.0 PORT=8001 PYTHONDONTWRITEBYTECODE=1
USER dispatch
WORKDIR /data
VOLUME /data
EXPOSE 8001
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s CMD ["python", "/opt/dispatch-box/healthcheck.py"]
CMD ["dispatch-box", "serve", "--workers", "2"]
