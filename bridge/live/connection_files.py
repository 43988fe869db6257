"""Files of automatic connections: the player's rules, and what is remembered of a run."""

import os
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from bridge.audio.connection_rules import ARROW, ConnectionRule, parse_rule
from bridge.audio.port_graph import Connection
from bridge.common.errors import ConfigError
from bridge.common.remembered_files import (
    Parsed,
    RememberedFiles,
    UnreadableFileError,
    read_file,
)
from bridge.common.toml_text import parse_toml, toml_value
from model.formats.names import composed, find_named, words_of
from model.formats.user_folders import config_folder

__all__ = [
    "check_rules",
    "connections_file",
    "connections_toml",
    "parse_connections",
    "parse_rules",
    "read_connections",
    "read_rules",
    "write_connections",
]

_BETWEEN = f" {ARROW} "


def read_rules(client: str, files: RememberedFiles) -> tuple[ConnectionRule, ...]:
    """Return the rules of the player's ``autoconnect.toml``; none where there is no such file.

    Args:
        client: Our name on the server.
        files: Sets the file aside where it cannot be used, and notes which rules are none.
    """
    return files.read(_rules_file(), partial(parse_rules, client=client), ())


def check_rules(client: str) -> Parsed[tuple[ConnectionRule, ...]]:
    """Return the rules of the player's ``autoconnect.toml``, and what in it cannot be used.

    The file stays where it is.
    """
    file = _rules_file()
    try:
        rules, left_out = parse_rules(read_file(file), client)
    except FileNotFoundError:
        return (), ()
    except (UnreadableFileError, ConfigError) as error:
        return (), [f"{file}: {error}"]
    return rules, [f"{file}: {mistake}" for mistake in left_out]


def _rules_file() -> Path:
    return config_folder() / "autoconnect.toml"


def parse_rules(text: str, client: str) -> Parsed[tuple[ConnectionRule, ...]]:
    """Return the rules of a TOML text with the one key ``rules``, and why others are none.

    Raises:
        ConfigError: It is another text.
    """
    rules, left_out = [], []
    for rule in _list_of(text, "rules"):
        try:
            if not isinstance(rule, str):
                raise ConfigError(
                    f"rules are texts, SOURCE{ARROW}DESTINATION; got {rule!r:.80}"
                )
            rules.append(parse_rule(rule, client))
        except ConfigError as error:
            left_out.append(str(error))
    return tuple(rules), left_out


def connections_file(client: str) -> Path:
    """Return the file that a client's connections are remembered in; it need not exist.

    Example:
        >>> connections_file("Группа 2").name
        'Группа_2.toml'
    """
    name = "".join(each if each in "_-" else words_of(each, "_") for each in composed(client))
    folder, entry = config_folder() / "wires", f"{name}.toml"
    return find_named(folder, entry) or folder / entry


def read_connections(client: str, files: RememberedFiles) -> frozenset[Connection]:
    """Return the connections that a client had at the end of its last run.

    Args:
        client: Our name on the server.
        files: Sets the file aside where it cannot be used, and notes what in it is none.
    """
    file, parse = connections_file(client), partial(parse_connections, client=client)
    earlier = file.with_name(f"{re.sub('[^A-Za-z0-9_-]', '_', client)}.toml")
    if os.path.lexists(file) or file == earlier:
        return files.read(file, parse, frozenset())
    shared = files.read(earlier, parse, frozenset[Connection]())
    own = f"{client}:"  # names of the same length shared that file
    return frozenset(pair for pair in shared if any(end.startswith(own) for end in pair))


def write_connections(
    connections: Iterable[Connection], client: str, files: RememberedFiles
) -> None:
    """Remember the connections of a client.

    Raises:
        RefusedError: Code 9, the file cannot be written.
    """
    parse = partial(parse_connections, client=client)
    files.replace(connections_file(client), connections_toml(connections), parse)


def parse_connections(text: str, client: str) -> Parsed[frozenset[Connection]]:
    """Return the connections that ``connections_toml`` wrote, for the client of that name.

    Returns:
        The connections, and why other entries are none.

    Raises:
        ConfigError: It is another text.
    """
    connections, left_out = set(), []
    for entry in _list_of(text, "wires"):
        try:
            connections.add(_connection(entry, client))
        except ConfigError as error:
            left_out.append(str(error))
    return frozenset(connections), left_out


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
    return toml_value(text if is_plain else connection)


def _connection(entry: object, client: str) -> Connection:
    match entry:
        case [str(source), str(destination)] if source and destination:
            return source, destination
        case str() if _BETWEEN in entry:
            return _split(entry, client)
    raise ConfigError(
        f"a connection is 'SOURCE{_BETWEEN}DESTINATION', or a list of the two names; "
        f"got {entry!r:.200}"
    )


def _split(text: str, client: str) -> Connection:
    """Return the two names of a text, parted at the arrow next to one of our own ports."""
    arrows = [found.start() for found in re.finditer(f"(?={_BETWEEN})", text)]
    splits = [(text[:at], text[at + len(_BETWEEN) :]) for at in arrows]
    own = (ends for ends in splits if any(end.startswith(f"{client}:") for end in ends))
    return next(own, splits[0])


def _list_of(text: str, key: str) -> list[object]:
    """Return the list that a TOML text has under its only key."""
    document = parse_toml(text)
    found = document.get(key, [])
    unknown = [name for name in document if name != key]
    if unknown or not isinstance(found, list):
        got = f"the key {unknown[0]!r:.80}" if unknown else repr(found)[:80]
        raise ConfigError(f"expected {key} = [ ... ] and nothing else, got {got}")
    return found
