"""Files of automatic connections: the player's rules, and what is remembered of a run."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from bridge.audio.connection_rules import ARROW, ConnectionRule, parse_rule
from bridge.audio.port_graph import Connection
from bridge.common.errors import ConfigError
from model.formats.user_folders import config_folder

__all__ = [
    "check_rules",
    "connections_file",
    "connections_toml",
    "parse_connections",
    "parse_rules",
    "read_connections",
    "read_rules",
]

T = TypeVar("T")

_BETWEEN = f" {ARROW} "


def read_rules(client: str) -> tuple[ConnectionRule, ...]:
    """Return the rules of the player's ``autoconnect.toml``; none where there is no such file.

    Args:
        client: Our name on the server.

    Raises:
        ConfigError: It is no file of rules; the message names it.
    """
    return _read(config_folder() / "autoconnect.toml", client, parse_rules, ())


def check_rules(client: str) -> tuple[tuple[ConnectionRule, ...], Sequence[str]]:
    """Return the rules of the player's ``autoconnect.toml``, and what in it cannot be used.

    The file stays where it is.
    """
    try:
        return read_rules(client), ()
    except ConfigError as error:
        return (), [str(error)]


def parse_rules(text: str, client: str) -> tuple[ConnectionRule, ...]:
    """Return the rules of a TOML text with the one key ``rules``.

    Raises:
        ConfigError: It is another text, or one of the rules is none.
    """
    rules = _list_of(text, "rules")
    for rule in rules:
        if not isinstance(rule, str):
            raise ConfigError(f"rules are texts, SOURCE{ARROW}DESTINATION; got {rule!r}")
    return tuple(parse_rule(str(rule), client) for rule in rules)


def connections_file(client: str) -> Path:
    """Return the file that a client's connections are remembered in; it need not exist."""
    return config_folder() / "wires" / f"{re.sub('[^A-Za-z0-9_-]', '_', client)}.toml"


def read_connections(client: str) -> frozenset[Connection]:
    """Return the connections that a client had at the end of its last run.

    Raises:
        ConfigError: The file is not one that ``connections_toml`` wrote; the message names it.
    """
    return _read(connections_file(client), client, parse_connections, frozenset())


def parse_connections(text: str, client: str) -> frozenset[Connection]:
    """Return the connections that ``connections_toml`` wrote, for the client of that name.

    Raises:
        ConfigError: It is another text.
    """
    return frozenset(_connection(entry, client) for entry in _list_of(text, "wires"))


def connections_toml(connections: Iterable[Connection]) -> str:
    """Return connections as TOML, sorted.

    Each is a text, ``"SOURCE => DESTINATION"``, or a list of the two names where that would
    be ambiguous.
    """
    lines = "".join(f"  {_entry(connection)},\n" for connection in sorted(connections))
    head = "# Wires of liveband, made again when their ports are there."
    return f"{head}\nwires = [\n{lines}]\n"


def _entry(connection: Connection) -> str:
    text = _BETWEEN.join(connection)
    is_plain = text.count(_BETWEEN) == 1
    return json.dumps(text if is_plain else connection, ensure_ascii=False)


def _connection(entry: object, client: str) -> Connection:
    match entry:
        case [str(source), str(destination)] if source and destination:
            return source, destination
        case str() if _BETWEEN in entry:
            return _split(entry, client)
    raise ConfigError(
        f"a connection is 'SOURCE{_BETWEEN}DESTINATION', or a list of the two names; "
        f"got {entry!r}"
    )


def _split(text: str, client: str) -> Connection:
    """Return the two names of a text, parted at the arrow next to one of our own ports."""
    arrows = [found.start() for found in re.finditer(f"(?={_BETWEEN})", text)]
    splits = [(text[:at], text[at + len(_BETWEEN) :]) for at in arrows]
    own = (ends for ends in splits if any(end.startswith(f"{client}:") for end in ends))
    return next(own, splits[0])


def _read(file: Path, client: str, parse: Callable[[str, str], T], otherwise: T) -> T:
    """Return what a file holds, or something else where there is none.

    Raises:
        ConfigError: It cannot be used; the message names it.
    """
    if not file.is_file():
        return otherwise
    try:
        return parse(file.read_bytes().decode("utf-8-sig"), client)
    except (UnicodeDecodeError, ConfigError) as error:
        raise ConfigError(f"{file}: {error}") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error


def _list_of(text: str, key: str) -> list[object]:
    """Return the list that a TOML text has under its only key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error)) from error
    found = document.get(key, [])
    unknown = [name for name in document if name != key]
    if unknown or not isinstance(found, list):
        got = f"the key {unknown[0]!r}" if unknown else repr(found)[:80]
        raise ConfigError(f"expected {key} = [ ... ] and nothing else, got {got}")
    return found
