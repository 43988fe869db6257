"""Sizes of the networks, stored with every checkpoint."""

from __future__ import annotations

import dataclasses
import difflib
import math
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from model.errors import ModelConfigError
from model.layers.tables import OVERLAPS

__all__ = [
    "BANDS",
    "FINE_BINS",
    "PITCH_BINS",
    "QUIET",
    "STEMS",
    "AutoencoderConfig",
    "GeneratorConfig",
    "SpectrumShape",
    "from_mapping",
]

STEMS = ("drums", "bass", "guitar", "piano", "strings", "lead", "other")
"""Stem classes; ``strings`` takes pads, organ and ensemble, ``lead`` brass, reed and pipe."""

FINE_BINS = (2, 98)
"""Bins of the middle spectrum also kept unmerged: 47 Hz to 2.3 kHz, for pitch."""
PITCH_BINS = (6, 346)
"""Bins of the long spectrum kept: 35 Hz to 2 kHz, fine enough to tell bass notes apart."""
TONAL_HZ = 6000
"""Frequency above which the vocoder uses random phases."""
QUIET = 7.0
"""Natural-log level below full scale of the output of an untrained head."""
BANDS = (96, 48)
"""Mel bands of the middle and of the short spectrum."""

T = TypeVar("T")


class SpectrumShape(NamedTuple):
    """Sizes of one of the encoder's spectra, in frames."""

    n_fft: int
    """Length of the window."""
    hop: int
    """Distance between windows."""
    fall: int
    """Length of the window's falling slope."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoencoderConfig:
    """Sizes of the causal autoencoder."""

    sample_rate: int = 48000
    """Frames per second."""
    hop: int = 2400
    """Frames per latent."""
    inner: int = 480
    """Frames per inner step of both networks; also the decoder's overlap."""
    latent: int = 64
    """Channels of a latent."""
    encoder_inner: int = 160
    """Channels of the encoder at the inner rate."""
    encoder_hop: int = 256
    """Channels of the encoder at the hop rate."""
    encoder_depth: tuple[int, int] = (2, 2)
    """Blocks of the encoder at the inner and at the hop rate."""
    decoder_hop: int = 256
    """Channels of the decoder at the hop rate."""
    decoder_inner: int = 256
    """Channels of the decoder at the inner rate."""
    decoder_depth: tuple[int, int] = (2, 5)
    """Blocks of the decoder at the hop and at the inner rate."""

    phase_lock: float = 0.0
    """Weight of neighbouring bins on a phase of the vocoder, 0..1; see
    :class:`model.layers.synthesis.PhaseVocoder`. It may change without training anew."""

    def __post_init__(self) -> None:
        """Check that the rates divide each other, and ranges.

        Raises:
            ModelConfigError: A hop is not a whole number of inner steps, or a value is out
                of range.
        """
        if self.hop % self.inner:
            raise ModelConfigError(f"hop={self.hop} must be a multiple of inner={self.inner}")
        if not 0 <= self.phase_lock <= 1:
            raise ModelConfigError(f"phase_lock must be 0..1, got {self.phase_lock:g}")

    @property
    def inner_steps(self) -> int:
        """Inner steps per hop."""
        return self.hop // self.inner

    @property
    def spectra(self) -> tuple[SpectrumShape, SpectrumShape, SpectrumShape]:
        """The encoder's spectra: middle and short at the inner rate, long at the hop rate."""
        return (
            SpectrumShape(2048, self.inner, 240),
            SpectrumShape(self.inner + 32, self.inner, 32),
            SpectrumShape(8192, self.hop, 960),
        )

    @property
    def tonal_bins(self) -> int:
        """Number of the vocoder's lowest bins, which are tonal."""
        return round(TONAL_HZ * OVERLAPS * self.inner / self.sample_rate)

    @property
    def hop_rate_hz(self) -> float:
        """Latents per second."""
        return self.sample_rate / self.hop


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratorConfig:
    """Sizes of the generator."""

    latent: int = 64
    """Channels of mix and stem latents."""
    channels: int = 192
    """Width of the transformer."""
    context_depth: int = 3
    """Blocks of the context network, whose input is the mix only."""
    depth: int = 4
    """Blocks of the stem network."""
    heads: int = 3
    """Attention heads."""
    window: int = 64
    """Hops that each block attends to."""
    noise: int = 16
    """Channels of the noise drawn afresh for every hop."""
    seed_noise: int = 32
    """Channels of the noise drawn once per stream."""
    condition: int = 128
    """Channels of the condition vector."""
    stems: tuple[str, ...] = STEMS
    """Stem classes it was trained to play."""
    anticipations: tuple[int, ...] = (0, 2, 20)
    """Anticipations it was trained for, in hops, ascending."""
    grooves: tuple[str, ...] = ()
    """Groove labels it can be conditioned on."""
    confidence: bool = False
    """Whether it was trained with how far the beat is to be trusted; otherwise a beat is
    given as certain, or not at all."""

    def __post_init__(self) -> None:
        """Check counts and order.

        Raises:
            ModelConfigError: A list is empty or unordered, or ``heads`` does not fit.
        """
        if not self.stems or len(set(self.stems)) != len(self.stems):
            raise ModelConfigError(f"stems must be different names, got {self.stems}")
        ordered = sorted(set(self.anticipations))
        if not ordered or tuple(ordered) != self.anticipations or ordered[0] < 0:
            raise ModelConfigError(
                f"anticipations must ascend from 0, got {self.anticipations}"
            )
        if math.gcd(self.channels, 2 * self.heads) != 2 * self.heads:
            raise ModelConfigError(
                f"{self.channels=} must be a multiple of twice {self.heads=}"
            )

    @property
    def memory(self) -> int:
        """Receptive field of all blocks together, in hops."""
        return (self.context_depth + self.depth) * (self.window - 1) + 1


def from_mapping(kind: type[T], values: dict[str, Any]) -> T:
    """Build a config from a mapping, as read from TOML or JSON.

    Args:
        kind: One of the config classes.
        values: Field names and values; lists become tuples.

    Returns:
        The config; missing fields take their defaults.

    Raises:
        ModelConfigError: The values are no mapping, a key is unknown (the nearest known one is
            named), or a value is out of range or of another type.

    Example:
        >>> from_mapping(GeneratorConfig, {"depth": 2}).depth
        2
    """
    if not isinstance(values, dict):
        raise ModelConfigError(f"{kind.__name__} is made of named settings, got {values!r:.80}")
    known = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
            raise ModelConfigError(f"{kind.__name__} has no setting {key!r}{hint}")
    for key, hint in get_type_hints(kind).items():
        if key in values and not _fits(values[key], hint):
            wanted = str(getattr(hint, "__name__", hint) if get_origin(hint) is None else hint)
            raise ModelConfigError(
                f"{key} must be of the type {wanted}, got {values[key]!r:.80}"
            )
    fixed = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return kind(**fixed)


def _fits(value: object, hint: object) -> bool:
    """Return whether a value read from TOML or JSON fits the type of a field."""
    if get_origin(hint) is tuple:
        first, *others = get_args(hint)
        return (
            isinstance(value, (list, tuple))
            and (others == [...] or len(value) == 1 + len(others))
            and all(_fits(each, first) for each in value)
        )
    if hint is float:
        return type(value) is int or (type(value) is float and math.isfinite(value))
    return type(value) is hint if hint in (int, str, bool) else True
