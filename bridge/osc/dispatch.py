"""The address space: turns a message into actions, without sockets, clock or state."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from bridge.common.errors import BridgeError, FailureCode, RefusedError
from bridge.controls.controls import coerce, from_normalised
from bridge.controls.parameters import ROOT, Kind, Table
from bridge.osc.actions import (
    Action,
    AddressTarget,
    FireTrigger,
    ReadAddress,
    RefuseMessage,
    RunCommand,
    SetControl,
)
from bridge.osc.codec import Argument, Message, Opaque
from bridge.osc.command_arguments import check_arguments
from bridge.osc.commands import COMMANDS
from bridge.osc.pattern import PatternError, is_pattern, matches

__all__ = ["Addresses", "UnknownAddress"]

_PLAYER = re.compile(rf"{ROOT}/player/(\d{{1,9}})/.+")
_NO_VALUE = frozenset("IN")
"""OSC's impulse and nil, which some senders use for a button without a value."""


class UnknownAddress(RefusedError):
    """No such address; the nearest one is looked up only when the message is shown."""

    def __init__(self, address: str, known: "Addresses") -> None:
        super().__init__(f"unknown address {address[:80]}", FailureCode.ADDRESS)
        self._address = address
        self._known = known

    def __str__(self) -> str:
        """Return the message with the nearest known address; this takes some milliseconds."""
        near = get_close_matches(
            self._address[:80], [*self._known.targets, *self._known.commands], 1
        )
        hint = f"nearest is {near[0]}" if near else f"{ROOT}/dump lists all"
        return f"{super().__str__()}; {hint}"


class Addresses:
    """Every address of a table, and the actions of messages to them.

    Args:
        table: The rows.
        players: Number of players; addresses without a number are the first one's. Rows that
            are not each player's own are the same under every number.
    """

    def __init__(self, table: Table, players: int = 1) -> None:
        self.players = players
        own = [AddressTarget(row.address, row) for row in table]
        named = [
            AddressTarget(f"{ROOT}/n/{row.name}", row, mirror=True) for row in table.controls
        ]
        counted = [
            AddressTarget(f"{ROOT}/p/{row.number}", row, mirror=True) for row in table.controls
        ]
        numbered = [
            AddressTarget(
                f"{ROOT}/player/{player}/{row.name}", row, player=player if row.each else 1
            )
            for player in range(1, players + 1)
            for row in table
        ]
        self.targets = {
            target.address: target for target in (*own, *named, *counted, *numbered)
        }
        self.commands = {f"{ROOT}/{name}": command for name, command in COMMANDS.items()}
        self.values = tuple(
            target
            for target in (*own, *(target for target in numbered if target.player > 1))
            if target.row.kind is not Kind.TRIGGER
        )
        """The shortest address of every row that can be read."""
        self._aliases = {
            f"{ROOT}/player/{player}/{row.name}"
            for player in range(2, players + 1)
            for row in table
            if not row.each
        }
        self._covered = lru_cache(maxsize=256)(self._scan)

    def readable(self, pattern: str) -> list[AddressTarget]:
        """Return the targets a pattern covers that can be read.

        Raises:
            RefusedError: Code 11, the pattern is malformed; code 1, it covers nothing; code
                10, it covers only triggers.
        """
        targets = [
            target for target in self.covered(pattern) if target.row.kind is not Kind.TRIGGER
        ]
        if not targets:
            raise RefusedError(
                f"{pattern[:80]} can only be fired, it has no value", FailureCode.NOT_ALLOWED
            )
        return targets

    def resolve(self, message: Message) -> Iterator[Action]:
        """Yield the actions of a message, one for each address it reaches.

        No argument reads, one sets. A pattern without an argument reaches everything that can
        be read, with one everything that can be set; a trigger only by a non-zero number.
        Commands are never reached by pattern: reading everything must not run ``/quit``.
        """
        address, arguments = message.address, message.arguments
        if address in self.targets:
            yield from _actions(self.targets[address], arguments)
            return
        try:
            if address in self.commands:
                command = self.commands[address]
                yield RunCommand(command, check_arguments(command, arguments))
                return
            targets = self._matching(address)
        except RefusedError as error:
            yield RefuseMessage(address, error)
            return
        if is_pattern(address):
            unreachable = Kind.READING if arguments else Kind.TRIGGER
            targets = tuple(target for target in targets if target.row.kind is not unreachable)
        if not targets:
            yield RefuseMessage(address, self._unknown(address))
        for target in targets:
            yield from _actions(target, arguments)

    def covered(self, pattern: str) -> tuple[AddressTarget, ...]:
        """Return the targets an address or a pattern covers.

        Raises:
            RefusedError: Code 11, the pattern is malformed; code 1, it covers nothing; code 7,
                there is no such player.
        """
        targets = self._matching(pattern)
        if not targets:
            raise self._unknown(pattern)
        return targets

    def _matching(self, address: str) -> tuple[AddressTarget, ...]:
        if address in self.targets:
            return (self.targets[address],)
        if not is_pattern(address):
            return ()
        try:
            return self._covered(address)
        except PatternError as error:
            raise RefusedError(str(error), FailureCode.MALFORMED) from None

    def _scan(self, pattern: str) -> tuple[AddressTarget, ...]:
        """Return the targets a pattern covers; rows common to all players only once."""
        return tuple(
            target
            for target in self.targets.values()
            if target.address not in self._aliases and matches(pattern, target.address)
        )

    def _unknown(self, address: str) -> RefusedError:
        """Return the error for an address that is no row's."""
        if address in self.commands:
            takes = self.commands[address].takes or "no argument"
            return RefusedError(
                f"{address} is a command and holds no value; send it itself, it takes {takes}",
                FailureCode.NOT_ALLOWED,
            )
        numbered = _PLAYER.fullmatch(address)
        if numbered and not 1 <= int(numbered[1]) <= self.players:
            count = f"{self.players} player{'s' if self.players > 1 else ''}"
            text = (
                f"no player {int(numbered[1])}; the band has {count}, counted from 1, "
                f"and {ROOT}/players changes that"
            )
            return RefusedError(text, FailureCode.UNAVAILABLE)
        return UnknownAddress(address, self)


def _actions(target: AddressTarget, arguments: tuple[Argument, ...]) -> Iterator[Action]:
    """Yield the action of ``arguments`` at one address; none for a released button."""
    row = target.row
    try:
        if len(arguments) > 1:
            raise RefusedError(
                f"{target.address} takes one argument, got {len(arguments)}", FailureCode.COUNT
            )
        if row.kind is Kind.TRIGGER:
            if not arguments or _pressed(target, arguments[0]):
                yield FireTrigger(target)
        elif not arguments:
            yield ReadAddress(target)
        elif row.kind is Kind.READING:
            raise RefusedError(f"{target.address} can only be read", FailureCode.NOT_ALLOWED)
        else:
            reader = from_normalised if target.mirror else coerce
            yield SetControl(target, reader(row, arguments[0]))
    except BridgeError as error:
        yield RefuseMessage(target.address, error)


def _pressed(target: AddressTarget, argument: Argument) -> bool:
    if isinstance(argument, int | float):
        return argument != 0
    if isinstance(argument, Opaque) and argument.tag in _NO_VALUE:
        return True
    raise RefusedError(
        f"{target.address} takes nothing or a number, got {argument!s:.80}", FailureCode.TYPE
    )
