#!/bin/sh
# precompile.sh HEADER DIRECTORY FLAG...: puts the header there, and its precompiled form where the compiler is GCC.
# GCC ignores it for a file whose flags differ, and reads the header itself; Clang would refuse it.
set -e
header=$1 directory=$2
shift 2
target=$directory/$(basename "$header")
mkdir -p "$directory"
rm -f "$target.gch"
cp "$header" "$target"
if "${CXX:-g++}" -dM -E -x c /dev/null | grep -q __clang__; then exit 0; fi
exec "${CXX:-g++}" "$@" -x c++-header "$target" -o "$target.gch"
