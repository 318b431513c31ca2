#!/bin/sh
# Options and what is no command of the image go to node, as in the published image.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then set -- node "$@"; fi
exec "$@"
