"""Latency of the stem, term by term, in whole frames.

Positions are counted from the epoch, the frame on which hop 0 begins. A cycle writes the frames
of its block to the mix and then plays the same frames of the stem. Mix hop ``k`` is complete in
the cycle that holds its last frame. The engine has ``inference`` frames from there, in whole
blocks because results are read only at the start of a cycle; its hop must be in the ring when
the cycle that plays it runs.
"""

from dataclasses import dataclass
from math import gcd

from bridge.common.errors import ConfigError

__all__ = ["HOPS_PER_SECOND", "LatencyBudget", "adaptation", "hop_frames", "latency_budget"]

HOPS_PER_SECOND = 20
"""Model steps per second, at every sample rate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyBudget:
    """The terms of the latency, all in frames at the host's rate."""

    hop: int
    """Frames per model step."""
    anticipation_hops: int
    """Whole hops by which the stem runs ahead of what was heard."""
    resampler_in: int
    """Delay of the converter from the host's rate to the model's."""
    resampler_out: int
    """Delay of the converter back."""
    overlap: int
    """Frames by which the decoder trails its latents."""
    adaptation: int
    """Delay of cutting blocks into hops and back; negative, since the whole blocks that the
    engine has cover part of it."""
    inference: int
    """Time allowed to the engine for a hop: one hop."""
    safety: int
    """Further time up to a whole block."""
    loop: int
    """The block that JACK adds where the output returns to the program the mix comes from."""

    @property
    def trail(self) -> int:
        """Frames by which finished audio lies before its hop: converters, decoder, loop."""
        return self.resampler_in + self.resampler_out + self.overlap + self.loop

    @property
    def total(self) -> int:
        """Lateness if the stem did not run ahead at all."""
        return self.trail + self.adaptation + self.inference + self.safety

    @property
    def musical(self) -> int:
        """Lateness of the output against the timeline it was made for."""
        return max(0, self.total - self.anticipation_hops * self.hop)

    @property
    def causal(self) -> int:
        """From an input frame to the first output frame that could depend on it."""
        return (1 + self.anticipation_hops) * self.hop + self.musical


def hop_frames(rate: int) -> int:
    """Return the frames per hop at a sample rate.

    Args:
        rate: Frames per second, a multiple of 20.

    Raises:
        ConfigError: No whole number of frames makes a hop of 50 ms.

    Example:
        >>> hop_frames(44100)
        2205
    """
    if rate < HOPS_PER_SECOND or rate % HOPS_PER_SECOND:
        raise ConfigError(
            f"the sample rate must be a multiple of {HOPS_PER_SECOND} Hz, so that a hop of "
            f"50 ms is a whole number of frames, got {rate}; use 44100, 48000, 88200 or 96000"
        )
    return rate // HOPS_PER_SECOND


def adaptation(block: int, hop: int, phase: int = 0) -> int:
    """Return the least delay, in frames, with an engine that takes no time.

    It is negative since a hop that ends within a block is complete before that block has been
    played; the worst case is the hop that reaches least far into its last block.

    Args:
        block: Frames per cycle.
        hop: Frames per model step.
        phase: First frame of any cycle, counted from the epoch; matters modulo ``block``.
            Not 0 once the block size has changed while playing.

    Raises:
        ConfigError: ``block`` or ``hop`` is not positive.

    Example:
        >>> adaptation(block=256, hop=2400)
        -32
        >>> adaptation(block=2400, hop=2400)
        -2400
    """
    if block < 1 or hop < 1:
        raise ConfigError(f"block and hop must be positive, got {block=}, {hop=}")
    step = gcd(block, hop)
    return -(-phase % step or step)


def latency_budget(
    *,
    block: int,
    hop: int,
    anticipation_hops: int,
    resampler_in: int = 0,
    resampler_out: int = 0,
    overlap: int = 0,
    loop: int = 0,
    phase: int = 0,
    irregular: bool = False,
) -> LatencyBudget:
    """Return the latency budget of a host and a model.

    Args:
        block: Frames per cycle of the host.
        hop: Frames per model step at the host's rate.
        anticipation_hops: Whole hops by which the stem runs ahead.
        resampler_in: Delay of the converter to the model's rate, in host frames.
        resampler_out: Delay of the converter back, in host frames.
        overlap: Delay of the decoder, in host frames.
        loop: Frames added by a loop in the graph: a block, or 0 without one.
        phase: First frame of any cycle, counted from the epoch.
        irregular: Whether cycles have any length up to ``block``, as in a host of plugins.

    Raises:
        ConfigError: ``block`` or ``hop`` is not positive, or a delay is negative.

    Example:
        >>> budget = latency_budget(block=256, hop=2400, anticipation_hops=0, overlap=480)
        >>> budget.total, budget.musical, budget.causal
        (3008, 3008, 5408)
        >>> latency_budget(block=256, hop=2400, anticipation_hops=2, overlap=480).musical
        0
    """
    if min(anticipation_hops, resampler_in, resampler_out, overlap, loop) < 0:
        raise ConfigError(
            "delays must not be negative, got "
            f"{anticipation_hops=}, {resampler_in=}, {resampler_out=}, {overlap=}, {loop=}"
        )
    return LatencyBudget(
        hop=hop,
        anticipation_hops=anticipation_hops,
        resampler_in=resampler_in,
        resampler_out=resampler_out,
        overlap=overlap,
        adaptation=-1 if irregular else adaptation(block, hop, phase),
        inference=hop,
        safety=block - 1 if irregular else -hop % block,
        loop=loop,
    )
