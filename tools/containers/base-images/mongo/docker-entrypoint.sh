#!/bin/bash
# mongod as its own user and open to the container's network, as in the published image; anything else as it is.
set -eu
if [ "${1#-}" != "$1" ]; then set -- mongod "$@"; fi
if [ "$1" = mongod ]; then
  case " $* " in *' --bind_ip'*) ;; *) set -- "$@" --bind_ip_all ;; esac
  if [ "$(id -u)" = 0 ]; then
    find /data/db /data/configdb \! -user mongodb -exec chown mongodb '{}' +
    exec setpriv --reuid=mongodb --regid=mongodb --init-groups "$@"
  fi
fi
exec "$@"
