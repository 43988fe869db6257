"""From a message to what it asks for; no socket, no clock, no state.

``resolve`` turns one message into actions; who carries them out is not its business.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from bridge.common.errors import ParameterError
from bridge.controls.controls import coerce, from_normalised
from bridge.controls.parameters import ROOT, Kind, Table
from bridge.osc.actions import Action, Call, Fire, Put, Read, Refuse, Spot
from bridge.osc.codec import Argument, Message, Opaque
from bridge.osc.commands import COMMANDS, check_arguments
from bridge.osc.failures import Code, Reject
from bridge.osc.pattern import PatternError, is_pattern, matches

__all__ = ["Addresses", "UnknownAddress"]

_PLAYER = re.compile(rf"{ROOT}/player/(\d{{1,9}})/.+")
_NO_VALUE = frozenset("IN")
"""OSC's impulse and nil: what some senders give a button that has no value."""


class UnknownAddress(Reject):
    """Nothing is called that; the nearest name is looked up only if somebody will read it."""

    def __init__(self, address: str, known: "Addresses") -> None:
        super().__init__(Code.ADDRESS, f"unknown address {address[:80]}")
        self._address = address
        self._known = known

    def explain(self) -> str:
        """Return the text with the nearest known address, at some cost."""
        near = get_close_matches(
            self._address[:80], [*self._known.spots, *self._known.calls], 1
        )
        hint = f"nearest is {near[0]}" if near else f"{ROOT}/dump lists all"
        return f"{self.text}; {hint}"


class Addresses:
    """Every address of a table, and what a message to it asks for.

    Args:
        table: The rows.
        players: How many players there are; addresses without a number are the first one's.
            What is not each player's own is the same under every number.
    """

    def __init__(self, table: Table, players: int = 1) -> None:
        self.players = players
        own = [Spot(row.address, row) for row in table]
        named = [Spot(f"{ROOT}/n/{row.name}", row, mirror=True) for row in table.controls]
        counted = [Spot(f"{ROOT}/p/{row.number}", row, mirror=True) for row in table.controls]
        numbered = [
            Spot(f"{ROOT}/player/{player}/{row.name}", row, player=player if row.each else 1)
            for player in range(1, players + 1)
            for row in table
        ]
        self.spots = {spot.address: spot for spot in (*own, *named, *counted, *numbered)}
        self.calls = {f"{ROOT}/{name}": command for name, command in COMMANDS.items()}
        self.values = tuple(
            spot
            for spot in (*own, *(spot for spot in numbered if spot.player > 1))
            if spot.row.kind is not Kind.TRIGGER
        )
        """What tells everything once: the shortest address of whatever can be read."""
        self._again = {
            f"{ROOT}/player/{player}/{row.name}"
            for player in range(2, players + 1)
            for row in table
            if not row.each
        }
        self._cover = lru_cache(maxsize=256)(self._look_through)

    def readable(self, pattern: str) -> list[Spot]:
        """Return what a pattern covers, triggers left out.

        Raises:
            Reject: Code 11, no such pattern; code 1, it covers nothing; code 10, it covers
                only triggers.
        """
        spots = [spot for spot in self.covered(pattern) if spot.row.kind is not Kind.TRIGGER]
        if not spots:
            raise Reject(Code.NOT_ALLOWED, f"{pattern[:80]} can only be fired, it has no value")
        return spots

    def resolve(self, message: Message) -> Iterator[Action]:
        """Yield what a message asks for, one action for each address it reaches.

        No argument reads, one sets. A pattern reaches what it can: without an argument all
        that can be read, with one all that can be set, a trigger only by a non-zero number.
        Commands are never reached by pattern, so that reading everything ends nothing.
        """
        address, arguments = message.address, message.arguments
        try:
            if address in self.calls:
                command = self.calls[address]
                yield Call(command, check_arguments(command, arguments))
                return
            spots = self._matching(address)
        except Reject as reject:
            yield Refuse(address, reject)
            return
        if is_pattern(address):
            unreachable = Kind.READING if arguments else Kind.TRIGGER
            spots = tuple(spot for spot in spots if spot.row.kind is not unreachable)
        if not spots:
            yield Refuse(address, self._unknown(address))
        for spot in spots:
            yield from _ask(spot, arguments)

    def covered(self, pattern: str) -> tuple[Spot, ...]:
        """Return what an address or a pattern covers.

        Raises:
            Reject: Code 11, no such pattern; code 1, it covers nothing; code 7, no such player.
        """
        spots = self._matching(pattern)
        if not spots:
            raise self._unknown(pattern)
        return spots

    def _matching(self, address: str) -> tuple[Spot, ...]:
        if not is_pattern(address):
            return (self.spots[address],) if address in self.spots else ()
        try:
            return self._cover(address)
        except PatternError as error:
            raise Reject(Code.MALFORMED, str(error)) from None

    def _look_through(self, pattern: str) -> tuple[Spot, ...]:
        """Return what a pattern covers; what the band has in common under one number only."""
        return tuple(
            spot
            for spot in self.spots.values()
            if spot.address not in self._again and matches(pattern, spot.address)
        )

    def _unknown(self, address: str) -> Reject:
        """Return why nothing is at ``address``."""
        numbered = _PLAYER.fullmatch(address)
        if numbered and not 1 <= int(numbered[1]) <= self.players:
            count = f"{self.players} player{'s' if self.players > 1 else ''}"
            text = (
                f"no player {int(numbered[1])}; the band has {count}, counted from 1, "
                f"and {ROOT}/players changes that"
            )
            return Reject(Code.UNAVAILABLE, text)
        return UnknownAddress(address, self)


def _ask(spot: Spot, arguments: tuple[Argument, ...]) -> Iterator[Action]:
    """Yield what ``arguments`` ask of one address: one action, none for a released button."""
    row = spot.row
    try:
        if len(arguments) > 1:
            raise Reject(Code.COUNT, f"{spot.address} takes one argument, got {len(arguments)}")
        if row.kind is Kind.TRIGGER:
            if not arguments or _pressed(spot, arguments[0]):
                yield Fire(spot)
        elif not arguments:
            yield Read(spot)
        elif row.kind is Kind.READING:
            raise Reject(Code.NOT_ALLOWED, f"{spot.address} can only be read")
        else:
            reader = from_normalised if spot.mirror else coerce
            yield Put(spot, reader(row, arguments[0]))
    except ParameterError as error:
        yield Refuse(spot.address, Reject(error.code, str(error)))
    except Reject as reject:
        yield Refuse(spot.address, reject)


def _pressed(spot: Spot, argument: Argument) -> bool:
    if isinstance(argument, int | float):
        return argument != 0
    if isinstance(argument, Opaque) and argument.tag in _NO_VALUE:
        return True
    raise Reject(Code.TYPE, f"{spot.address} takes nothing or a number, got {argument!s:.80}")
