#!/bin/sh
# demo.sh PROGRAM DIR PORT - makes the sample paper in DIR, anew each time, and serves it until Ctrl-C.
set -eu
program=$1 dir=$2 port=$3

rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
"$program" init "$dir" --demo --title "The Varnmouth Lantern" --url "http://localhost:$port" \
    --language en-GB --timezone Europe/London >/dev/null
cat <<TEXT

The Varnmouth Lantern: a made-up paper of a made-up harbour town, served from the folder $dir

    read it           http://localhost:$port
    write, decide     at the desk: the link that follows makes you its owner
    stop              Ctrl-C

TEXT
exec "$program" serve --site "$dir" --listen "127.0.0.1:$port" --quiet --access-log none
