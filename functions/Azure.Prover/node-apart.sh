#!/bin/sh
# Runs Node.js, which works on what strangers send, as a user who owns nothing. Whoever breaks out of a proving process is then not the user who may
# read the environment of the app, and with it what its identity signs in with. Where changing the user is not allowed, Node.js runs as the app itself.
node=${NODE_PROGRAM:-/usr/local/bin/node}
apart="/usr/bin/setpriv --reuid=64801 --regid=64801 --clear-groups --no-new-privs --"
if $apart "$node" --version >/dev/null 2>&1; then
  exec $apart "$node" "$@"
fi
exec "$node" "$@"
