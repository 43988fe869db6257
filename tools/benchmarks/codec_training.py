"""Benchmark of codec training: crops per minute, beside the plain step, printed as JSON.

Usage: ``make bench-codec-training``. Today's step and one with distances by ``torch.stft``
take turns on one thread; the parts of today's step are also timed alone. Crops are noise, since
the result of the training does not matter.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from model.networks.autoencoder import Autoencoder
from model.networks.losses import SpectralDistance, SpectralDistances
from model.presets import load_preset
from model.training.codec import CodecTask, CodecTraining
from model.training.precision import fast_matmul
from model.training.prefetch import StepBatches
from model.training.processes import ALONE
from model.training.spectral import spectral_losses

CPU = torch.device("cpu")

WARM_STEPS = 3
"""Steps before any is measured."""


class PlainSpectralDistance(SpectralDistance):
    """The same distances by ``torch.stft``, with automatic gradients."""

    def forward(
        self, made_BT: Tensor, real_BT: Tensor, *, sampled: int | None = None
    ) -> SpectralDistances:
        """Return the distances of all resolutions; the energy's is not computed."""
        mel = linear = made_BT.new_zeros(())
        for n_fft, _ in self.sizes:
            filters = self.get_buffer(f"filters_{n_fft}")
            made, real = _magnitude(made_BT, n_fft), _magnitude(real_BT, n_fft)
            mels = [torch.log(m.transpose(1, 2) @ filters + 1e-4) for m in (made, real)]
            mel = mel + F.l1_loss(*mels)
            linear = linear + (made - real).abs().mean() / (real.mean() + 1e-4)
        return SpectralDistances(
            mel / len(self.sizes), linear / len(self.sizes), torch.zeros_like(mel)
        )


def main() -> int:
    """Measure; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20, help="measured steps of each (20)")
    parser.add_argument("--preset", default="cpu", help="sizes (cpu)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    preset = load_preset(options.preset)
    training = preset.codec_training
    tasks = {
        name: _task(Autoencoder(preset.autoencoder), training) for name in ("plain", "now")
    }
    plain = PlainSpectralDistance(preset.autoencoder.sample_rate)
    tasks["plain"]._distance = plain
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(WARM_STEPS + options.steps):
        for name, task in tasks.items():
            spent_s = _seconds(lambda task=task, number=number: task.step(number))
            if number >= WARM_STEPS:
                seconds[name].append(spent_s)
    for task in tasks.values():
        task.close()
    median = {name: statistics.median(each) for name, each in seconds.items()}
    told = {
        "processor_seconds_a_step": {name: round(value, 4) for name, value in median.items()},
        "crops_a_processor_minute": {
            name: round(60 * training.batch / value) for name, value in median.items()
        },
        "ratio": round(median["plain"] / median["now"], 2),
        "parts_ms": _parts_ms(tasks["now"].network, training),
    }
    print(json.dumps(told, indent=2))
    return 0


def _task(network: Autoencoder, training: CodecTraining) -> CodecTask:
    frames = training.hops * network.config.hop
    generator = torch.Generator().manual_seed(0)
    crops_BT = 0.1 * torch.randn(training.batch, frames, generator=generator)
    return CodecTask(network, training, StepBatches(lambda _: crops_BT, ALONE))


def _parts_ms(network: Autoencoder, training: CodecTraining) -> dict[str, float]:
    """Return the milliseconds of every part, forwards and backwards."""
    batch, c = training.batch, network.config
    audio_BT = 0.1 * torch.randn(batch, training.hops * c.hop)
    distance = SpectralDistance(c.sample_rate)
    encoder, decoder = network.encoder, network.decoder

    def encode() -> Tensor:
        with fast_matmul(CPU):
            return encoder.unrotated(audio_BT[..., None], encoder.init_state(batch)).float()

    latent_BTC = encode().detach().requires_grad_()

    def decode() -> Tensor:
        with fast_matmul(CPU):
            return decoder.spectra(latent_BTC, decoder.init_state(batch))

    spectra_BTC = decode().detach().requires_grad_()

    def voice() -> Tensor:
        return decoder.vocoder.step(spectra_BTC, decoder.init_state(batch).vocoder)[..., 0]

    made_BT = voice().detach().requires_grad_()
    warm = training.warm_hops * c.inner_steps

    def phases() -> Tensor:
        return torch.stack(spectral_losses(decoder.vocoder, spectra_BTC, audio_BT, warm))

    parts: dict[str, Callable[[], Tensor]] = {
        "encoder": encode,
        "decoder": decode,
        "vocoder": voice,
        "distances": lambda: torch.stack(distance(made_BT, audio_BT)),
        "spectral losses": phases,
    }
    return {
        name: round(
            1000 * min(_seconds(lambda run=run: run().sum().backward()) for _ in range(5)), 1
        )
        for name, run in parts.items()
    }


def _seconds(run: Callable[[], object]) -> float:
    """Return processor time, which depends little on other load of the machine."""
    began = time.process_time()
    run()
    return time.process_time() - began


def _magnitude(x_BT: Tensor, n_fft: int) -> Tensor:
    window = torch.hann_window(n_fft, dtype=x_BT.dtype)
    window = window / window.sum() * 2
    spectrum = torch.stft(x_BT, n_fft, n_fft // 4, window=window, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square() + 1e-10).sqrt()


if __name__ == "__main__":
    sys.exit(main())
