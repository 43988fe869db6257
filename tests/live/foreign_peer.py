"""A JACK client of another program, whose names are whatever bytes it likes."""

import contextlib

from bridge.audio.jack_opening import open_client


@contextlib.contextmanager
def foreign_peer(server, name, *ports):
    """Have a client on a server for as long as the context lasts.

    ``ports`` are ``(name in bytes, "audio" or "midi", "in" or "out")``.
    """
    import jack

    types = {"audio": jack._AUDIO, "midi": jack._MIDI}
    flags = {"in": jack._lib.JackPortIsInput, "out": jack._lib.JackPortIsOutput}
    client = open_client(jack, name, server.name)
    try:
        client.set_process_callback(lambda frames: None)  # else its connections stall jackd
        for port, kind, way in ports:
            made = jack._lib.jack_port_register(client._ptr, port, types[kind], flags[way], 0)
            assert made
        with client:
            yield client
    finally:
        client.close()
