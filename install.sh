#!/bin/sh
# Installs packflow for this user: takes the release for this machine, checks its SHA-256, and puts the program, its
# manual page and its shell completion under ~/.local. Run it again to update.
#
#   sh install.sh
#
# Environment:
#   PACKFLOW_PREFIX    where to, instead of ~/.local: the program goes to bin/ there
#   PACKFLOW_VERSION   which version, such as 0.1.0
#   PACKFLOW_RELEASES  address of the releases: a mirror, or a local copy of one
#
# Needs curl or wget, tar, and one of sha256sum, shasum, openssl. It asks nothing, needs no root, and changes no
# file of yours besides.
set -eu

# A release fills these in.
RELEASES='@RELEASES@'
VERSION='@VERSION@'

say() {
  printf '%s\n' "$*" >&2
}

refuse() {
  say "packflow was not installed: $*"
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# The name of the release for this machine.
find_target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) refuse "there is no release for processors of the kind $machine" ;;
  esac
  case $system in
    Linux)
      # the program is linked with glibc, which musl's Linux does not have
      if has ldd && ldd --version 2>&1 | grep -qi musl; then
        refuse "this Linux has musl, and packflow needs glibc: use a Debian, Ubuntu or Fedora, or an image of one"
      fi
      echo "$machine-unknown-linux-gnu"
      ;;
    Darwin)
      # a shell that Rosetta translates calls the processor x86_64
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then machine=aarch64; fi
      echo "$machine-apple-darwin"
      ;;
    *) refuse "there is no release for $system that this script installs; on Windows unpack the .tar.gz for it" ;;
  esac
}

# download ADDRESS FILE
download() {
  if has curl; then
    case $1 in
      https://*) curl --proto =https --tlsv1.2 -fsSL --retry 2 -o "$2" "$1" ;;
      *) curl -fsSL -o "$2" "$1" ;;
    esac
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    refuse "neither curl nor wget is here"
  fi || refuse "cannot download $1"
}

sha256_of() {
  if has sha256sum; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 <"$1" | sed 's/.* //'
  else
    refuse "none of sha256sum, shasum and openssl is here, so that nothing can be checked"
  fi
}

# check FILE NAME SUMS: refuses a file whose SHA-256 is not the one that the list says.
check() {
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$2\$/\1/p" "$3")
  [ -n "$expected" ] || refuse "SHA256SUMS does not name $2"
  actual=$(sha256_of "$1")
  [ "$actual" = "$expected" ] || refuse "the SHA-256 of $2 is $actual and must be $expected: it was altered on its way"
}

# install_files FROM TO: each file is moved into place whole, so that a packflow that runs is not disturbed.
install_files() {
  (cd "$1" && find bin share -type f) | while IFS= read -r file; do
    mkdir -p "$2/$(dirname "$file")" && mv -f "$1/$file" "$2/$file" || exit 1
  done
}

main() {
  releases=${PACKFLOW_RELEASES:-$RELEASES}
  version=${PACKFLOW_VERSION:-$VERSION}
  case $releases in
    '' | @*) refuse "this copy of the script is of no release: name the address of one with PACKFLOW_RELEASES" ;;
  esac
  case $version in
    '' | @*) refuse "this copy of the script is of no release: name a version with PACKFLOW_VERSION" ;;
  esac
  prefix=${PACKFLOW_PREFIX:-${HOME:?}/.local}
  target=$(find_target)
  name=packflow-$target.tar.gz

  # on the file system where the files end, so that moving them is one step
  mkdir -p "$prefix" || refuse "cannot make the folder $prefix"
  work=$(mktemp -d "$prefix/.packflow.XXXXXX") || refuse "cannot write to $prefix"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP

  say "Downloading packflow $version for $target"
  download "$releases/download/v$version/SHA256SUMS" "$work/SHA256SUMS"
  download "$releases/download/v$version/$name" "$work/$name"
  check "$work/$name" "$name" "$work/SHA256SUMS"
  mkdir "$work/files"
  tar -xzf "$work/$name" -C "$work/files" || refuse "cannot unpack $name"
  "$work/files/bin/packflow" --version >/dev/null || refuse "the program does not run on this machine"

  install_files "$work/files" "$prefix" || refuse "cannot write to $prefix"
  say "Installed $("$prefix/bin/packflow" --version) to $prefix/bin/packflow, its SHA-256 checked"
  case :${PATH-}: in
    *":$prefix/bin:"*) ;;
    *) say "$prefix/bin is not on your PATH. Add this line to ~/.profile, then open a new shell:
  export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
}

# The last line: a download that breaks off installs nothing.
main
