"""Capabilities of a checkpoint: the stems, grooves and anticipations it offers."""

from dataclasses import dataclass, replace

from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.parameters import PARAMETERS, Table
from bridge.controls.readings import ModelReading
from model.formats.checkpoint_folder import BIDIRECTIONAL, LIVEBAND
from model.formats.conditions import ANY_GROOVE, AUTO_GROOVE, Conditions

__all__ = ["ModelCapabilities"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCapabilities:
    """Stems, grooves and anticipations that a checkpoint offers."""

    name: str
    """Name of its folder."""
    where: str
    """Its folder, or ``passthrough``; what a loader is made from."""
    identity: str
    """SHA-256 of its weights; copies share it, and the banks that were kept with it."""
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
        """Reason why it cannot play hop by hop; empty if it can."""
        if self.kind != BIDIRECTIONAL:
            return ""
        return (
            f"the checkpoint {self.name!r} is bidirectional: it hears a whole piece before it "
            "plays, so it cannot play live; let it play to a file with "
            "'liveband render --bidirectional', or name another"
        )

    def table(self) -> Table:
        """Return the parameter table with these stems, grooves and anticipations.

        A default that is not among them is replaced by the first of them; an anticipation that
        was asked for with the name becomes the default.
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
        """Return conditions it can meet; what it does not offer becomes the table's default.

        An anticipation it does not have becomes the nearest it has; one that was asked for
        with the name takes precedence.
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
        """The same as a reading for control surfaces."""
        return ModelReading(
            name=self.name,
            weights=self.identity[:12],
            stems=", ".join(self.stems),
            grooves=", ".join(self.grooves),
        )
