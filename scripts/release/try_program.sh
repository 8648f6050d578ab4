#!/bin/sh
# Tries a compiled program on the machine at hand: from nothing to a package that runs.
#
#   try_program.sh /path/to/packflow
set -eu

packflow=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$packflow" --version
"$packflow" doctor
"$packflow" create phishing --template onnx --no-input
cd phishing
"$packflow" validate
"$packflow" test
"$packflow" run <events.ndjson >folder.ndjson
"$packflow" package
"$packflow" verify phishing-0.1.0.tar.gz
"$packflow" run phishing-0.1.0.tar.gz <events.ndjson >package.ndjson
cmp folder.ndjson package.ndjson
for shell in bash zsh fish; do "$packflow" completion "$shell" >"completion.$shell"; done
"$packflow" man >packflow.1
echo "ok: $(wc -l <package.ndjson) answers, the same from the folder and from its package"
