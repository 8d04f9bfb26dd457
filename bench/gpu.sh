#!/usr/bin/env bash
# The engine's cells on a machine with a GPU and its own torch, to which nothing can be downloaded.
#
#   bench/gpu.sh fetch                 here: put the wheels it lacks into bench/wheels/
#   bench/gpu.sh run [--only MODEL..]  there: install them beside its own packages, and run
#   bench/gpu.sh run --rehearse        anywhere: the same cells with tiny models, to see that they run
#
# MODEL is one of sdxl sd15 flux zimage. Results are engine-gpu-MODEL.json, in $OUT or in bench/results/, written
# as soon as a cell is measured. A run ends by itself within 540 seconds.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
WHEELS=bench/wheels

fetch() {
    local version name pins=()
    for name in diffusers greenlet; do
        version="$(.venv/bin/python -c "import importlib.metadata as m; print(m.version('$name'))")"
        pins+=("$name==$version")
    done
    # Of these any version does that its Python takes.
    pins+=(peft accelerate torchao)
    local platforms=() number
    for number in 2_17 2_24 2_26 2_27 2_28; do
        platforms+=(--platform "manylinux_${number}_x86_64")
    done
    rm -rf "$WHEELS"
    python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 --implementation cp \
        "${platforms[@]}" --platform manylinux2014_x86_64 --platform any --dest "$WHEELS" "${pins[@]}"
    du -sh "$WHEELS"
}

run() {
    local site wheels=("$WHEELS"/*.whl)
    site="$(mktemp -d)"
    trap "rm -rf '$site'" EXIT
    # A machine that has them all needs none.
    if [ -e "${wheels[0]}" ]; then
        python3 -m pip install --quiet --no-index --no-deps --no-compile --target "$site" "${wheels[@]}"
    fi
    PYTHONPATH="$site:." PYTHONUNBUFFERED=1 python3 -m bench engine "$@"
}

"$@"
