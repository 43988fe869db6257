"""The causal autoencoder: one latent per 50 ms of audio, and audio from latents."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.layers.convnext import ConvNeXtStack, PastState, StackState
from model.layers.spectrum import Spectrum, mel_filters
from model.layers.streaming import Streaming, StreamState
from model.layers.synthesis import PhaseVocoder, VocoderState
from model.networks.config import BANDS, FINE_BINS, PITCH_BINS, QUIET, AutoencoderConfig

__all__ = ["Autoencoder", "Decoder", "DecoderState", "Encoder", "EncoderState"]


def _level(magnitude: Tensor) -> Tensor:
    """Compress magnitudes logarithmically, to about -1..1 for music at usual levels."""
    return torch.log(magnitude + 1e-4) / 3 + 2


def _size(spectrum: Tensor) -> Tensor:
    """Return magnitudes; faster on a CPU than ``abs``, which guards against overflow."""
    parts = torch.view_as_real(spectrum)
    return (parts[..., 0].square() + parts[..., 1].square()).sqrt()


@dataclass(slots=True)
class EncoderState(StreamState):
    """Past audio of the three spectra, and the states of both stacks."""

    middle: PastState
    short: PastState
    long: PastState
    inner: StackState
    outer: StackState


class Encoder(Streaming[EncoderState]):
    """Audio to latents.

    Two spectra at the inner rate (pitch and timbre, timing) and one long one at the hop rate
    (bass pitch) feed two stacks of causal ConvNeXt blocks.

    Args:
        config: Sizes.
    """

    middle_filters: Tensor
    short_filters: Tensor
    mean: Tensor
    rotation: Tensor

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        c = config
        self.hop = c.hop
        self.inner_steps = c.inner_steps
        self.middle, self.short, self.long = (
            Spectrum(each.n_fft, each.hop, fall=each.fall) for each in c.spectra
        )
        middle_mel = mel_filters(c.sample_rate, self.middle.n_fft, BANDS[0])
        short_mel = mel_filters(c.sample_rate, self.short.n_fft, BANDS[1])
        self.register_buffer("middle_filters", middle_mel.float(), persistent=False)
        self.register_buffer("short_filters", short_mel.float(), persistent=False)
        fine = FINE_BINS[1] - FINE_BINS[0]
        self.enter = nn.Linear(sum(BANDS) + fine, c.encoder_inner)
        self.inner = ConvNeXtStack(c.encoder_inner, c.encoder_depth[0])
        pitches = PITCH_BINS[1] - PITCH_BINS[0]
        self.join = nn.Linear(c.encoder_inner * c.inner_steps + pitches, c.encoder_hop)
        self.outer = ConvNeXtStack(c.encoder_hop, c.encoder_depth[1], kernel=5)
        self.norm = nn.LayerNorm(c.encoder_hop)
        self.leave = nn.Linear(c.encoder_hop, c.latent)
        self.register_buffer("mean", torch.zeros(c.latent))
        self.register_buffer("rotation", torch.eye(c.latent))

    def init_state(self, batch: int) -> EncoderState:
        """Return the state after silence."""
        return EncoderState(
            self.middle.init_state(batch),
            self.short.init_state(batch),
            self.long.init_state(batch),
            self.inner.init_state(batch),
            self.outer.init_state(batch),
        )

    def step(self, x_BTC: Tensor, state: EncoderState) -> Tensor:
        """Encode whole hops; ``(B, T * hop, 1) -> (B, T, latent)``."""
        return (self.unrotated(x_BTC, state) - self.mean) @ self.rotation

    def unrotated(self, x_BTC: Tensor, state: EncoderState) -> Tensor:
        """Return the latents before whitening, ``(B, T, latent)``."""
        middle = _size(self.middle.step(x_BTC, state.middle))
        short = _size(self.short.step(x_BTC, state.short)) @ self.short_filters
        fine = middle[..., FINE_BINS[0] : FINE_BINS[1]]
        h_BTC = torch.cat([middle @ self.middle_filters, short, fine], dim=-1)
        h_BTC = self.enter(_level(h_BTC))
        h_BTC = self.inner.step(h_BTC, state.inner)
        long = _size(self.long.step(x_BTC, state.long)[..., PITCH_BINS[0] : PITCH_BINS[1]])
        steps, channels = self.inner_steps, h_BTC.shape[2]
        h_BTC = h_BTC.reshape(len(h_BTC), -1, steps * channels)
        h_BTC = self.join(torch.cat([h_BTC, _level(long)], dim=-1))
        latent: Tensor = self.leave(self.norm(self.outer.step(h_BTC, state.outer)))
        return latent


@dataclass(slots=True)
class DecoderState(StreamState):
    """States of both stacks and of the vocoder."""

    outer: StackState
    inner: StackState
    vocoder: VocoderState


class Decoder(Streaming[DecoderState]):
    """Latents to audio, with a delay of one inner step (``config.inner`` frames).

    Args:
        config: Sizes.

    Source:
        A stack at frame rate with an inverse-transform head: Siuzdak 2023, arXiv:2306.00814.
        The synthesis of phases is ours; see :class:`model.layers.synthesis.PhaseVocoder`.
    """

    mean: Tensor
    rotation: Tensor

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        c = config
        self.inner_steps = c.inner_steps
        self.enter = nn.Linear(c.latent, c.decoder_hop)
        self.outer = ConvNeXtStack(c.decoder_hop, c.decoder_depth[0], kernel=5)
        self.split = nn.Linear(c.decoder_hop, c.decoder_inner * c.inner_steps)
        self.inner = ConvNeXtStack(c.decoder_inner, c.decoder_depth[1])
        self.norm = nn.LayerNorm(c.decoder_inner)
        self.vocoder = PhaseVocoder(c.inner, tonal=c.tonal_bins, lock=c.phase_lock)
        self.head = nn.Linear(c.decoder_inner, self.vocoder.channels)
        self.register_buffer("mean", torch.zeros(c.latent))
        self.register_buffer("rotation", torch.eye(c.latent))

    def init_state(self, batch: int) -> DecoderState:
        """Return the initial state."""
        return DecoderState(
            self.outer.init_state(batch),
            self.inner.init_state(batch),
            self.vocoder.init_state(batch),
        )

    def step(self, x_BTC: Tensor, state: DecoderState) -> Tensor:
        """Decode; ``(B, T, latent) -> (B, T * hop, 1)``."""
        return self.vocoder.step(self.spectra(x_BTC, state), state.vocoder)

    def spectra(self, x_BTC: Tensor, state: DecoderState) -> Tensor:
        """Return the vocoder's input; ``(B, T, latent) -> (B, T * inner_steps, C)``."""
        h_BTC = self.enter(x_BTC @ self.rotation + self.mean)
        h_BTC = self.split(self.outer.step(h_BTC, state.outer))
        h_BTC = h_BTC.unflatten(-1, (self.inner_steps, -1)).flatten(1, 2)
        h_BTC = self.head(self.norm(self.inner.step(h_BTC, state.inner)))
        h_BTC = h_BTC.to(self.vocoder.window.dtype)
        level_BTF, tendency_BTC = h_BTC.tensor_split([self.vocoder.bins], dim=-1)
        magnitude_BTF = torch.exp((level_BTF - QUIET).clamp(max=1.0))
        return torch.cat([magnitude_BTF, tendency_BTC], dim=-1)


class Autoencoder(nn.Module):
    """Encoder and decoder of one checkpoint.

    Args:
        config: Sizes.
    """

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    @torch.no_grad()
    def whiten(self, latent_NC: Tensor, *, faintest: float = 1e-2) -> None:
        """Whiten the latent space: zero mean, unit variance, channels ordered by energy.

        The encoder transforms its output and the decoder its input, so that their composition
        stays the same function. Called once, after the encoder's last training step.

        Args:
            latent_NC: Unrotated latents of much and varied music, ``(N, latent)``, N >> latent.
            faintest: Variance, relative to the largest, below which a direction is not brought
                up to 1: it carries next to nothing and would become noise.
        """
        latent = latent_NC.double()
        mean = latent.mean(0)
        energy, axes = torch.linalg.eigh(torch.cov((latent - mean).T))
        energy, axes = energy.flip(0), axes.flip(1)
        scale = energy.clamp(min=faintest * float(energy[0])).sqrt()
        self.encoder.mean.copy_(mean)
        self.decoder.mean.copy_(mean)
        self.encoder.rotation.copy_(axes / scale)
        self.decoder.rotation.copy_((axes * scale).T)

    @torch.no_grad()
    def fold_whitening(self) -> None:
        """Merge the whitening into the adjacent layers, so that training can continue.

        The encoder's output and the decoder's input stay the same except for rounding;
        afterwards :meth:`Encoder.unrotated` returns the same latents.
        """
        encoder, decoder = self.encoder, self.decoder
        leave, enter = encoder.leave, decoder.enter
        leave.weight.copy_(encoder.rotation.T @ leave.weight)
        leave.bias.copy_((leave.bias - encoder.mean) @ encoder.rotation)
        enter.bias.add_(enter.weight @ decoder.mean)
        enter.weight.copy_(enter.weight @ decoder.rotation.T)
        for part in (encoder, decoder):
            part.mean.zero_()
            part.rotation.copy_(torch.eye(len(part.mean)))
