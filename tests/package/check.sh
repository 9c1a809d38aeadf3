#!/usr/bin/env bash
# check.sh BUILD_DIR - install a finished build into a scratch prefix and use it as strangers do:
# through find_package, through pkg-config, and with nothing but -lwinhttp or -lwebsocket. Builds the samples too.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/prefix
cc=${CC:-cc}
cxx=${CXX:-c++}

say()
{
    echo "-- $*"
}

# link_and_run NAME COMPILER [argument...]: build a program with these arguments and run it.
link_and_run()
{
    local name=$1
    shift
    say "$name: $*"
    "$@" -o "$scratch/$name"
    "$scratch/$name" one two
}

cmake --install "$build" --prefix "$prefix" >"$scratch/install.log"
libdir=$(dirname "$(find "$prefix" -name winhttp.pc)")
libdir=${libdir%/pkgconfig}
include=$prefix/include/winhttp-posix

say "find_package: a stranger's project"
cmake -S "$here/consumer" -B "$scratch/consumer" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" >"$scratch/consumer.log"
cmake --build "$scratch/consumer" >>"$scratch/consumer.log" || { cat "$scratch/consumer.log"; exit 1; }
(cd "$scratch/consumer" && ctest --output-on-failure)

say "find_package: the samples"
cmake -S "$here/../../samples" -B "$scratch/samples" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$cc" >"$scratch/samples.log"
cmake --build "$scratch/samples" >>"$scratch/samples.log" || { cat "$scratch/samples.log"; exit 1; }

# The package was configured for its own prefix; pkg-config is told the real one.
read -ra flags <<<"$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --define-variable=prefix="$prefix" \
    --cflags --libs winhttp)"
link_and_run pkgconfig "$cc" "$here/consumer/consumer.c" "${flags[@]}" "-Wl,-rpath,$libdir"

read -ra flags <<<"$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --define-variable=prefix="$prefix" \
    --cflags --libs websocket)"
link_and_run websocket_pkgconfig "$cc" "$here/consumer/websocket.c" "${flags[@]}" "-Wl,-rpath,$libdir"

plain=(-I "$include" -I "$include/case" -L "$libdir" -lwinhttp "-Wl,-rpath,$libdir")
link_and_run plain "$cc" "$here/consumer/consumer.c" "${plain[@]}"
link_and_run plain_utf16 "$cc" -fshort-wchar "$here/consumer/consumer.c" "${plain[@]}"
link_and_run plain_cxx "$cxx" "$here/consumer/consumer.cc" "${plain[@]}"
websocket=("${plain[@]/-lwinhttp/-lwebsocket}")
link_and_run websocket_plain "$cc" "$here/consumer/websocket.c" "${websocket[@]}"
link_and_run websocket_plain_utf16 "$cc" -fshort-wchar "$here/consumer/websocket.c" "${websocket[@]}"
link_and_run websocket_plain_cxx "$cxx" "$here/consumer/websocket.cc" "${websocket[@]}"
link_and_run websocket_plain_cxx_utf16 "$cxx" -fshort-wchar "$here/consumer/websocket.cc" "${websocket[@]}"
link_and_run websocket_and_winhttp "$cc" "$here/consumer/websocket.c" -lwinhttp "${websocket[@]}" -lwinhttp
for linker in bfd gold lld; do
    if command -v ld.$linker >/dev/null; then
        link_and_run "plain_$linker" "$cc" -fuse-ld=$linker "$here/consumer/consumer.c" \
            "${plain[@]}"
    fi
done
say "all of it works"
