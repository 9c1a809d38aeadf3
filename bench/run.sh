#!/usr/bin/env bash
# run.sh - build the library and the benchmarks as they are released, and run them.
#
#     bench/run.sh [--quick] [other options of bench.py]
#
# A full run (a quarter of an hour) writes docs/performance.md and its pictures; a quick one
# (three minutes) only prints. `./run bench` installs what this needs first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly dir=build-bench
write=(--write docs)
for argument; do
    case $argument in
    --quick | --only | --only=* | --smoke) write=() ;;
    esac
done

mkdir -p $dir
cmake -S . -B $dir -G Ninja -DCMAKE_BUILD_TYPE=Release -DWINHTTP_BUILD_TESTS=OFF \
    -DWINHTTP_BUILD_SAMPLES=OFF -DWINHTTP_BUILD_BENCH=ON >$dir/configure.log 2>&1 ||
    { cat $dir/configure.log >&2; exit 1; }
cmake --build $dir --parallel "$(nproc)"
ulimit -n "$(ulimit -Hn)" # a thousand connections, and as many again in the server
exec python3 bench/bench.py --programs $dir/bench ${write[@]+"${write[@]}"} "$@"
