"""OSC address patterns: ``*`` ``?`` ``[a-c]`` ``[!x]`` ``{one,two}``, within one part.

All possibilities are followed side by side, so that matching takes at most the length of the
pattern times the length of the address, whatever a client sends.

Source:
    The Open Sound Control 1.0 Specification, "OSC Message Dispatching and Pattern Matching".
"""

from collections.abc import Iterator
from functools import lru_cache

__all__ = ["PatternError", "is_pattern", "matches"]

MAX_LENGTH = 256
"""Longer patterns are refused."""

_SPECIAL = frozenset("*?[]{}")


class PatternError(ValueError):
    """The address is not a well-formed pattern."""


def is_pattern(address: str) -> bool:
    """Return whether an address holds any of the pattern characters."""
    return not _SPECIAL.isdisjoint(address)


def matches(pattern: str, address: str) -> bool:
    """Return whether ``pattern`` covers the whole of ``address``, part by part.

    Raises:
        PatternError: A bracket or brace is not closed or not opened, or it is too long or
            not ASCII.

    Example:
        >>> matches("/liveband/gain/*", "/liveband/gain/in")
        True
        >>> matches("/liveband/*", "/liveband/gain/in")
        False
        >>> matches("/liveband/{mute,bypass}", "/liveband/bypass")
        True
    """
    parts = _parse(pattern)
    names = address.split("/")
    return len(parts) == len(names) and all(map(_covers, parts, names))


Piece = frozenset[str] | tuple[bool, frozenset[str]] | None
"""Alternative texts; or one character that is (or is not) in a set; or ``None`` for ``*``."""


@lru_cache(maxsize=256)
def _parse(pattern: str) -> tuple[tuple[Piece, ...], ...]:
    if len(pattern) > MAX_LENGTH or not pattern.isascii():
        raise PatternError(f"a pattern has at most {MAX_LENGTH} characters, all of them ASCII")
    return tuple(tuple(_pieces(part)) for part in pattern.split("/"))


def _pieces(part: str) -> Iterator[Piece]:
    position = 0
    while position < len(part):
        character = part[position]
        if character in "[{":
            close = part.find("]" if character == "[" else "}", position + 1)
            if close < 0:
                raise PatternError(f"{character!r} is not closed in {part[:40]!r}")
            inside = part[position + 1 : close]
            yield _characters(inside) if character == "[" else frozenset(inside.split(","))
            position = close
        elif character in "]}":
            raise PatternError(f"{character!r} was not opened in {part[:40]!r}")
        elif character == "*":
            yield None
        else:
            yield (False, frozenset()) if character == "?" else frozenset(character)
        position += 1


def _characters(inside: str) -> tuple[bool, frozenset[str]]:
    """Return whether the set is to be matched or excluded, and the set; ``a-c`` is a range."""
    wanted = not inside.startswith("!")
    text = inside if wanted else inside[1:]
    among: set[str] = set()
    for index, character in enumerate(text):
        if character == "-" and 0 < index < len(text) - 1:
            among.update(map(chr, range(ord(text[index - 1]), ord(text[index + 1]) + 1)))
        else:
            among.add(character)
    return wanted, frozenset(among)


def _covers(pieces: tuple[Piece, ...], name: str) -> bool:
    reached = {0}
    for piece in pieces:
        if piece is None:
            reached = set(range(min(reached), len(name) + 1))
        elif isinstance(piece, frozenset):
            reached = {
                start + len(text)
                for start in reached
                for text in piece
                if name.startswith(text, start)
            }
        else:
            wanted, among = piece
            reached = {
                start + 1
                for start in reached
                if start < len(name) and (name[start] in among) is wanted
            }
        if not reached:
            return False
    return len(name) in reached
