#!/bin/sh
# Install Dispatch Box into a virtual environment: the RUN line of the Dockerfile, and a step of the tests.
#
#   deploy/install.sh PREFIX          from this folder, with the locked dependencies, from the package index
#   deploy/install.sh PREFIX WHEEL    from a wheel, without an index and without dependencies
set -eu
prefix=$1
wheel=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)

"${PYTHON:-python3}" -m venv "$prefix"
if [ -n "$wheel" ]; then
  "$prefix/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "$wheel"
else
  "$prefix/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$here/requirements.lock"
  "$prefix/bin/pip" install --quiet --disable-pip-version-check --no-deps "$here"
fi
chmod -R a+rX,a-w "$prefix/lib"
