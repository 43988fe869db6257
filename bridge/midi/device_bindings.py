"""The bindings of one device: its own, and the default ones they leave in force."""

from collections.abc import Iterator

from bridge.controls.parameters import Kind, Parameter, Table
from bridge.controls.table import MAX_PLAYERS, ControlKey
from bridge.midi.binding import Binding, ControllerKind, Source, Takeover, checked

__all__ = ["Bindings", "default_bindings"]

FIRST_STEM_NOTE = 36
"""C2: the first stem; the others follow by semitones."""
_PLAYER_NRPNS = 128
"""Distance of two players' NRPNs: the coarse half of the number is the player."""
_MODE_MESSAGES = 120


def default_bindings(table: Table) -> tuple[Binding, ...]:
    """Return the default bindings of the controls of a table.

    They are the controllers given in the table, with 14 bits if their fine half is free; notes
    for stems; and the number of every control as an NRPN, whose values are exact and always
    jump. Controllers and notes belong to the first player, NRPNs to every player.
    """
    taken = {row.cc for row in table}
    bindings = []
    for row in table:
        if row.cc is not None and row.cc < _MODE_MESSAGES:
            number = row.kind in (Kind.FLOAT, Kind.INT)
            pair = number and row.cc < 32 and row.cc + 32 not in taken
            bindings.append(
                Binding(
                    control=ControlKey(1, row.name),
                    source=Source(
                        ControllerKind.CC14 if pair else ControllerKind.CC, 0, row.cc
                    ),
                    takeover=Takeover.DEFAULT if number else Takeover.JUMP,
                )
            )
        bindings += _nrpns(row)
    if "stem" in table.by_name:
        stems = ControlKey(1, "stem")
        for index, stem in enumerate(table["stem"].choices[: 128 - FIRST_STEM_NOTE]):
            source = Source(ControllerKind.NOTE, 0, FIRST_STEM_NOTE + index)
            bindings.append(Binding(control=stems, source=source, value=str(stem)))
    return tuple(bindings)


def _nrpns(row: Parameter) -> Iterator[Binding]:
    """Yield the NRPN bindings of a control, one for each player if it is each player's own."""
    if row.number is None:
        return
    for player in range(1, MAX_PLAYERS + 1 if row.each else 2):
        number = row.number + _PLAYER_NRPNS * (player - 1)
        yield Binding(
            control=ControlKey(player, row.name),
            source=Source(ControllerKind.NRPN, 0, number),
            takeover=Takeover.JUMP,
        )


class Bindings:
    """Bindings of a device. A controller with a binding of its own has no default one.

    Args:
        table: The controls.
        own: Bindings made for this device, ``checked``.
        released: Controls without default bindings.
        defaults: Whether the default bindings are in force at all.
    """

    def __init__(
        self,
        table: Table,
        own: tuple[Binding, ...] = (),
        released: frozenset[ControlKey] = frozenset(),
        *,
        defaults: bool = True,
    ) -> None:
        self.table = table
        self.own = own
        self.released = released
        self.defaults = defaults
        self._default = default_bindings(table)
        self._found: dict[Source, tuple[Binding, ...]] = {}
        self._in_force: tuple[Binding, ...] | None = None

    def moved_by(self, source: Source) -> tuple[Binding, ...]:
        """Return the bindings of a controller on its channel."""
        if source not in self._found:
            self._found[source] = tuple(self._find(source))
        return self._found[source]

    def of(self, control: ControlKey) -> list[Binding]:
        """Return the bindings in force that move a control."""
        return [binding for binding in self.in_force if binding.control == control]

    @property
    def in_force(self) -> tuple[Binding, ...]:
        """Own bindings, then the default ones they leave in force."""
        if self._in_force is None:
            left = (each for each in self._default if self._left(each))
            self._in_force = (*self.own, *left)
        return self._in_force

    @property
    def standalone(self) -> frozenset[int]:
        """Controllers 32..63 with bindings of their own, which are no fine halves."""
        return frozenset(
            binding.source.number
            for binding in self.own
            if binding.source.kind is ControllerKind.CC and 32 <= binding.source.number < 64
        )

    def add(self, binding: Binding) -> Binding:
        """Add a binding; replaces one of the same controller and control.

        Raises:
            ConfigError: The table has no such control, or it cannot be moved so.
        """
        made = checked(binding, self.table)
        kept = (
            each
            for each in self.own
            if (each.control, each.source.knob) != (made.control, made.source.knob)
        )
        self.own = (*kept, made)
        self._forget()
        return made

    def remove(self, control: ControlKey) -> int:
        """Remove the own bindings of a control, or the default ones if it has no own ones.

        Returns:
            Number of bindings removed.
        """
        before = len(self.of(control))
        own = tuple(each for each in self.own if each.control != control)
        if len(own) == len(self.own):
            self.released |= {control}
        self.own = own
        self._forget()
        return before - len(self.of(control))

    def clear(self) -> int:
        """Restore the defaults; return the number of own bindings removed."""
        count = len(self.own)
        self.own, self.released, self.defaults = (), frozenset(), True
        self._forget()
        return count

    def _forget(self) -> None:
        self._found.clear()
        self._in_force = None

    def _find(self, source: Source) -> Iterator[Binding]:
        own = [each for each in self.own if each.source.knob.covers(source.knob)]
        if own:
            yield from (each for each in own if each.source.covers(source))
            return
        for binding in self._default:
            if binding.source.covers(source) and self._allowed(binding):
                yield binding

    def _allowed(self, default: Binding) -> bool:
        return self.defaults and default.control not in self.released

    def _left(self, default: Binding) -> bool:
        replaced = any(
            each.source.knob.kind is default.source.knob.kind
            and each.source.number == default.source.number
            and each.source.channel == 0
            for each in self.own
        )
        return self._allowed(default) and not replaced
