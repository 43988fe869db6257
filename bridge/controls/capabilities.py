"""What a checkpoint can be asked for, in the words of controls."""

from dataclasses import dataclass, replace

from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.parameters import PARAMETERS, Table
from bridge.controls.readings import ModelReading
from model.formats.conditions import ANY_GROOVE, AUTO_GROOVE, Conditions

__all__ = ["LIVEBAND", "WHOLE", "ModelCapabilities"]

LIVEBAND, WHOLE = "liveband", "bidirectional"
"""Kinds of checkpoints that are treated apart here; there is ``baseline`` as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCapabilities:
    """What a checkpoint can be asked for."""

    name: str
    """Of its folder."""
    where: str
    """What to load it by: its folder, or ``passthrough``."""
    identity: str
    """Names its weights, by their SHA-256; copies share it, and what they remember."""
    stems: tuple[str, ...]
    grooves: tuple[str, ...]
    """Besides ``auto`` and ``any``."""
    anticipations: tuple[int, ...]
    """In hops, ascending; empty if it does not say."""
    kind: str = LIVEBAND
    """``liveband``, ``baseline`` or ``bidirectional``."""
    begins_hops: int | None = None
    """Anticipation that was asked for with the name, ``NAME-1s``; None if none was."""

    @property
    def begins_s(self) -> float | None:
        """The same in seconds."""
        return None if self.begins_hops is None else self.begins_hops / HOPS_PER_SECOND

    @property
    def not_live(self) -> str:
        """Why it cannot play hop by hop; empty if it can."""
        if self.kind != WHOLE:
            return ""
        return (
            f"the checkpoint {self.name!r} is bidirectional: it hears a whole piece before it "
            "plays, so it cannot play live; let it play to a file with "
            "'liveband render --bidirectional', or name another"
        )

    def table(self) -> Table:
        """Return the table of controls with these stems, grooves and anticipations.

        Where the usual default is not among them, the first of them is the default; an
        anticipation that was asked for with the name is.
        """
        grooves = (AUTO_GROOVE, ANY_GROOVE, *self.grooves)
        table = PARAMETERS.with_choices("groove", grooves, AUTO_GROOVE)
        ahead_s = tuple(hops / HOPS_PER_SECOND for hops in self.anticipations)
        begin_s = self.begins_s if self.begins_s is not None else table["anticipation"].default
        for name, choices, usual in (
            ("stem", self.stems, table["stem"].default),
            ("anticipation", ahead_s, begin_s),
        ):
            if choices:
                default = usual if usual in choices else choices[0]
                table = table.with_choices(name, choices, default)
        return table

    def fit(self, conditions: Conditions) -> Conditions:
        """Return conditions it can meet: what it does not offer becomes what ``table`` says.

        An anticipation it does not have becomes the nearest it has; one that was asked for
        with the name comes first.
        """
        table, ahead = self.table(), conditions.anticipation_hops
        if self.begins_hops is not None:
            ahead = self.begins_hops
        stem, groove = conditions.stem, conditions.groove
        return replace(
            conditions,
            stem=stem if stem in self.stems else str(table["stem"].default),
            groove=groove if groove in table["groove"].choices else AUTO_GROOVE,
            anticipation_hops=min(
                self.anticipations or (ahead,), key=lambda hops: (abs(hops - ahead), hops)
            ),
        )

    @property
    def reading(self) -> ModelReading:
        """The same, as control surfaces are told."""
        return ModelReading(
            name=self.name,
            weights=self.identity[:12],
            stems=", ".join(self.stems),
            grooves=", ".join(self.grooves),
        )
