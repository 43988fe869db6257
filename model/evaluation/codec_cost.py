"""Processor time of a codec in streaming, beside the shipped one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch

from model.networks.autoencoder import Autoencoder

__all__ = ["codec_cost"]

_WARM_HOPS = 10


@torch.inference_mode()
def codec_cost(
    autoencoder: Autoencoder, other: Autoencoder, *, hops: int = 100
) -> dict[str, float]:
    """Measure encoding and decoding hop by hop, one stream, one thread, in turns.

    Processor time is measured, which other work on the machine changes little.

    Args:
        autoencoder: What is measured.
        other: What it is compared with.
        hops: Measured hops of each.

    Returns:
        ``ms``: median milliseconds a hop; ``other_ms``: of the other one; ``ratio``: the first
        over the second.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        steps = [_step(each) for each in (autoencoder, other)]
        spent_ms: list[list[float]] = [[], []]
        for number in range(_WARM_HOPS + hops):
            for step, spent in zip(steps, spent_ms, strict=True):
                began = time.thread_time()
                step()
                if number >= _WARM_HOPS:
                    spent.append(1000 * (time.thread_time() - began))
    finally:
        torch.set_num_threads(threads)
    ours, others = (statistics.median(spent) for spent in spent_ms)
    return {
        "ms": round(ours, 3),
        "other_ms": round(others, 3),
        "ratio": round(ours / others, 3),
    }


def _step(autoencoder: Autoencoder) -> Callable[[], object]:
    """Return a function that encodes and decodes the next hop of a stream of noise."""
    encoder, decoder = autoencoder.encoder, autoencoder.decoder
    states = encoder.init_state(1), decoder.init_state(1)
    audio_BTC = 0.1 * torch.randn(1, autoencoder.config.hop, 1)

    def step() -> object:
        return decoder.step(encoder.step(audio_BTC, states[0]), states[1])

    return step
