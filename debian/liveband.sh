#!/bin/sh
exec /usr/lib/liveband/bin/python3 -P -m bridge "$@"
