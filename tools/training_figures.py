"""Figures of a generator's training so far, on songs it learns from and on others.

Usage: ``python -m tools.training_figures RUN LATENTS...``: the run's folder, with its state,
and folders of latents, for instance one of the train and one of the valid split (``liveband
data encode --split valid``). What differs between the two was learnt by heart. Prints a table
with a row for each folder and set of weights, the newest and the average.

Figures, means over batches: the discriminator's scores of real stems beside their mix, of
generated ones and of real ones beside a wrong mix; the error of the context network's count;
the change from hop to hop; and the level in dB, as the discriminator's level probe hears it:
its median, its highest twentieth, and how much its means over sequences of a class vary. Beats
are told as in training, some as at the start of a take; the mix is heard as later on in one.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.commands.options import MANY
from model.data.batches import Batch, PairBatches
from model.data.latents import load_pairs
from model.errors import DataError
from model.networks.config import GeneratorConfig, from_mapping
from model.networks.discriminator import Discriminator, DiscriminatorConfig
from model.networks.generator import Generator
from model.presets import load_preset
from model.training.conditions import draw_beat, draw_cold, draw_condition
from model.training.prediction_losses import prediction_losses
from model.training.run_state import find_state
from model.training.settings import LiveBandTraining
from model.training.variety import jitter
from tools.markdown_table import markdown_table

__all__ = ["figures", "level_shape", "main"]

HEADINGS = (
    *("songs", "weights", "score real", "made", "wrong mix", "count error", "jitter"),
    *("level median made", "real", "highest 5 % made", "real", "between made", "real"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return the exit code.

    Raises:
        DataError: There is no state, or there are no latents.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.training_figures", description=__doc__
    )
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("latents", type=Path, nargs="+", help="folders of latents")
    parser.add_argument("--preset", default="long", help="preset that is trained (long)")
    parser.add_argument("--batches", type=MANY, default=12, help="batches to average over (12)")
    options = parser.parse_args(argv)
    state = find_state(options.run)
    if state is None:
        raise DataError(f"{options.run} holds no state of a training: is it the run's folder?")
    training = load_preset(options.preset).liveband_training
    rows = [
        [str(latents), name, *(f"{value:.2f}" for value in told.values())]
        for latents in options.latents
        for name, told in _by_weights(state, latents, training, options.batches)
    ]
    print(markdown_table(HEADINGS, rows))
    return 0


def _by_weights(
    state: Mapping[str, Any], latents: Path, training: LiveBandTraining, batches: int
) -> Iterator[tuple[str, dict[str, float]]]:
    generator = Generator(from_mapping(GeneratorConfig, state["sizes"]["generator"])).eval()
    sizes = from_mapping(DiscriminatorConfig, state["sizes"]["discriminator"])
    discriminator = Discriminator(sizes).eval()
    parts = state["parts"]
    discriminator.load_state_dict(parts["discriminator"])
    weights = {"newest": parts["generator"], "average": parts["average"]["weights"]}
    for name, chosen in weights.items():
        generator.load_state_dict(chosen)
        yield name, figures(generator, discriminator, latents, training, batches)


@torch.inference_mode()
def figures(
    generator: Generator,
    discriminator: Discriminator,
    latents: Path,
    training: LiveBandTraining,
    batches: int,
) -> dict[str, float]:
    """Return the figures of networks on a folder of latents; the same batches each time.

    Args:
        generator: On the CPU.
        discriminator: On the CPU; its probe tells the level of stems.
        latents: Folder written by ``liveband data encode``.
        training: Settings that the networks are trained with.
        batches: How many to average over, at least 1.

    Raises:
        DataError: There are no latents, or none of a class.
    """
    config = generator.config
    pairs = load_pairs(latents, config.stems, config.anticipations)
    drawn = PairBatches(
        pairs, config.stems, config.grooves, batch=training.batch, hops=training.hops
    )
    rng, scores, stems, made_level, real_level = random.Random(0), [], [], [], []
    torch.manual_seed(0)
    for _ in range(batches):
        batch = drawn.draw(rng)
        condition = draw_condition(batch, training, config)
        beat_BTC = draw_beat(batch, condition, training, config, draw_cold(batch, training))
        noise_BTC = torch.randn(*batch.mix_BTC.shape[:2], config.noise)
        made_BTC, prediction = generator.play(batch.mix_BTC, noise_BTC, beat_BTC, condition)
        told = prediction_losses(prediction, batch).metrics()
        scores.append(
            torch.stack(
                [
                    *_scores(discriminator, batch, made_BTC),
                    told["belief_count"],
                    jitter(made_BTC, batch.stem_BTC),
                ]
            )
        )
        stems.append(batch.stem_B)
        made_level.append(10 * discriminator.probe(made_BTC)[..., 0])
        real_level.append(10 * discriminator.probe(batch.stem_BTC)[..., 0])
    means = torch.stack(scores).mean(0).tolist()
    names = ("real", "made", "wrong_mix", "count_error", "jitter")
    shapes = [
        level_shape(torch.cat(levels), torch.cat(stems)) for levels in (made_level, real_level)
    ]
    return dict(zip(names, means, strict=True)) | {
        f"{name}_{kind}": shape[name]
        for name in shapes[0]
        for kind, shape in zip(("made", "real"), shapes, strict=True)
    }


def _scores(discriminator: Discriminator, batch: Batch, made_BTC: Tensor) -> list[Tensor]:
    """Return mean scores of real stems, of generated ones, and of real ones out of place."""
    heard_B11 = 1 - batch.unheard_B[:, None, None]
    right_BTC, wrong_BTC = (
        torch.cat([mix_BTC * heard_B11, annotation_BTC], dim=-1)
        for mix_BTC, annotation_BTC in (
            (batch.mix_BTC, batch.annotation_BTC),
            (batch.other_mix_BTC, batch.other_annotation_BTC),
        )
    )
    asked = ((right_BTC, batch.stem_BTC), (right_BTC, made_BTC), (wrong_BTC, batch.stem_BTC))
    return [
        discriminator(mix_BTC, stem_BTC, batch.stem_B, batch.groove_B).mean()
        for mix_BTC, stem_BTC in asked
    ]


def level_shape(level_BT: Tensor, stem_B: Tensor) -> dict[str, float]:
    """Return median, highest twentieth, and deviation of the means within classes.

    Args:
        level_BT: Level of every hop of each sequence, in dB.
        stem_B: Class of each sequence.
    """
    mean_B = level_BT.mean(1)
    apart_B = torch.cat(
        [mean_B[stem_B == k] - mean_B[stem_B == k].mean() for k in torch.unique(stem_B)]
    )
    return {
        "median": level_BT.median().item(),
        "highest": level_BT.quantile(0.95).item(),
        "between": apart_B.std(correction=0).item(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
