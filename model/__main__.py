"""The model's life on the command line, from ``liveband data`` to ``liveband page``."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from model.errors import ConfigError, MissingTool, ModelError
from model.evaluation.command import add_evaluate
from model.evaluation.describe import add_describe

if TYPE_CHECKING:
    import torch

    from model.training.codec import CodecTraining
    from model.training.decoder import DecoderTraining
    from model.training.liveband import LiveBandTraining

    Rooms = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["main"]

Training = TypeVar("Training", "CodecTraining", "DecoderTraining", "LiveBandTraining")

logger = logging.getLogger(__name__)

FAILED, WRONG_USE, MISSING = 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; ``argv`` without the program's name.

    Returns:
        Exit code: 0 done, 1 failed, 2 usage, 3 something outside Python is missing.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:2] == ["data", "render"]:
        from model.data.render import main as render

        return render(words[2:])
    options = _parser().parse_args(words)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    try:
        return int(options.run(options))
    except ModelError as error:
        logger.error("%s", error)
        if isinstance(error, MissingTool):
            return MISSING
        return WRONG_USE if isinstance(error, ConfigError) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liveband", description=__doc__)
    rooms = parser.add_subparsers(
        required=True, metavar="data | train | evaluate | page | card"
    )

    data = rooms.add_parser("data", help="render songs, describe or encode them")
    steps = data.add_subparsers(required=True)
    steps.add_parser("render", help="render songs; see liveband data render --help")
    encode = steps.add_parser("encode", help="encode rendered songs as latents")
    encode.add_argument("data", type=Path, help="folder of rendered songs")
    encode.add_argument("codec", help="checkpoint whose autoencoder to use")
    encode.add_argument("out", type=Path, help="folder for the latents")
    encode.add_argument("--preset", default="cpu", help="whose stem classes to encode")
    encode.add_argument("--jobs", type=int, default=1, help="processes (1)")
    encode.set_defaults(run=_encode)
    add_describe(steps)

    train = rooms.add_parser("train", help="train a network; resumes where it was stopped")
    networks = train.add_subparsers(required=True)
    codec = networks.add_parser("codec", help="train the autoencoder on rendered songs")
    codec.add_argument("data", type=Path, help="folder of rendered songs")
    codec.set_defaults(run=_train_codec)
    decoder = networks.add_parser("decoder", help="refine a checkpoint's decoder")
    decoder.add_argument("data", type=Path, help="folder of rendered songs")
    decoder.add_argument("checkpoint", help="folder or shipped name; its latents stay valid")
    decoder.set_defaults(run=_train_decoder)
    band = networks.add_parser("liveband", help="train the generator on latents")
    band.add_argument("latents", type=Path, help="folder of latents")
    band.add_argument("codec", help="checkpoint whose autoencoder made the latents")
    band.set_defaults(run=_train_liveband)
    whole = networks.add_parser("bidirectional", help="train it to hear the future, offline")
    baseline = networks.add_parser("baseline", help="train StreamMusicGen's way, to compare")
    for network, kind in ((whole, "run_bidirectional"), (baseline, "run_baseline")):
        network.add_argument("latents", type=Path, help="folder of latents")
        network.add_argument("codec", help="checkpoint whose autoencoder made the latents")
        network.set_defaults(run=_train_kind, kind=kind)
    baseline.add_argument(
        "--input-noise",
        type=float,
        metavar="X",
        help="noise on what is fed back, relative to each level: the remedy for exposure bias "
        "(the preset's: 0)",
    )
    baseline.add_argument(
        "--anticipation", type=float, metavar="S", help="practise this one alone (all)"
    )
    for network in (band, whole):
        network.add_argument(
            "--start", metavar="C", help="begin with the generator of this checkpoint"
        )
    for network in (codec, decoder, band, whole, baseline):
        network.add_argument("run_folder", type=Path, help="state, log and checkpoint go here")
        network.add_argument(
            "--preset", default="cpu", help="sizes and budget: cpu, h200, smoke"
        )
        network.add_argument("--minutes", type=float, help="wall-clock budget")
        network.add_argument("--threads", type=int, default=2, help="CPU threads")
        network.add_argument("--device", help="cpu or cuda; cuda where there is one")

    add_evaluate(rooms)
    _add_page(rooms)
    return parser


def _add_page(rooms: Rooms) -> None:
    page = rooms.add_parser("page", help="make the companion page, a static site")
    page.add_argument("data", type=Path, help="folder of rendered songs")
    page.add_argument("--out", type=Path, required=True, help="folder of the site")
    page.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="C",
        help="who plays: a folder, a shipped name or a folder of checkpoints; may be repeated "
        "(all shipped ones)",
    )
    page.add_argument(
        "--table",
        type=Path,
        metavar="JSON",
        help="numbers: family.json of 'evaluate --all' (what the checkpoints' records keep)",
    )
    page.add_argument("--quick", action="store_true", help="three samples of each section")
    page.add_argument("--seconds", type=float, default=20.0, help="length of a sample (20)")
    page.add_argument("--jobs", type=int, default=1, help="processes (1)")
    page.set_defaults(run=_page)

    card = rooms.add_parser("card", help="write the README.md of checkpoints from their record")
    card.add_argument("checkpoint", nargs="*", help="folder or shipped name (all shipped ones)")
    card.add_argument(
        "--check", action="store_true", help="write nothing; fail where a card is out of date"
    )
    card.set_defaults(run=_card)


def _page(options: argparse.Namespace) -> int:
    from model.page.site import PageSetting, make_page

    setting = PageSetting(quick=options.quick, seconds=options.seconds, jobs=options.jobs)
    make_page(options.data, options.out, options.checkpoint, setting, options.table)
    return 0


def _card(options: argparse.Namespace) -> int:
    from model.evaluation.family import find_members
    from model.page.card import write_cards

    return write_cards(find_members(options.checkpoint), check=options.check)


def _encode(options: argparse.Namespace) -> int:
    from model.data.crops import load_songs
    from model.data.latents import encode_songs
    from model.presets import load_preset

    generator = load_preset(options.preset).generator
    written = encode_songs(
        load_songs(options.data, "train"),
        generator.stems,
        options.codec,
        options.out,
        anticipations=generator.anticipations,
        jobs=options.jobs,
    )
    logger.info("%d files written to %s", written, options.out)
    return 0


def _train_codec(options: argparse.Namespace) -> int:
    from model.checkpoint import save_checkpoint
    from model.data.crops import load_songs
    from model.presets import load_preset
    from model.training.codec import train_codec
    from model.training.finish import fix_latent_space, made_of

    preset = load_preset(options.preset)
    training = _within(options.minutes, preset.codec_training)
    _use(options.threads)
    device = _device(options.device)
    network = train_codec(
        options.data, options.run_folder, preset.autoencoder, training, device
    )
    fix_latent_space(network, load_songs(options.data, "train"))
    own = {**dataclasses.asdict(training), **made_of(options.data, options.run_folder)}
    record = {"codec": own}
    save_checkpoint(options.run_folder / "codec", network, None, record)
    logger.info("autoencoder in %s", options.run_folder / "codec")
    return 0


def _train_decoder(options: argparse.Namespace) -> int:
    from model.checkpoint import load_autoencoder, load_generator, read_record, save_checkpoint
    from model.presets import load_preset
    from model.training.decoder import train_decoder
    from model.training.finish import made_of

    preset = load_preset(options.preset)
    training = _within(options.minutes, preset.decoder_training)
    _use(options.threads)
    refined = train_decoder(
        options.data,
        options.run_folder,
        load_autoencoder(options.checkpoint),
        preset.judges,
        training,
        _device(options.device),
    )
    own = {**dataclasses.asdict(training), **made_of(options.data, options.run_folder)}
    known = read_record(options.checkpoint)
    stale = ("evaluation", "family", "notes")
    kept = {name: facts for name, facts in known.items() if name not in stale}
    record = {**kept, "decoder": own}
    folder = options.run_folder / "checkpoint"
    save_checkpoint(folder, refined, load_generator(options.checkpoint), record)
    logger.info("checkpoint in %s", folder)
    return 0


def _train_liveband(options: argparse.Namespace) -> int:
    from model.checkpoint import load_autoencoder, save_checkpoint
    from model.presets import load_preset
    from model.training.finish import codec_record, made_of
    from model.training.liveband import train_liveband
    from model.training.start import load_start

    preset = load_preset(options.preset)
    training = _within(options.minutes, preset.liveband_training)
    _use(options.threads)
    generator = train_liveband(
        options.latents,
        options.run_folder,
        preset.generator,
        preset.discriminator,
        training,
        _device(options.device),
        start=load_start(options.start),
    ).cpu()
    own = {**dataclasses.asdict(training), **made_of(options.latents, options.run_folder)}
    record = {**codec_record(options.codec), "liveband": {**own, "start": options.start}}
    folder = options.run_folder / "checkpoint"
    save_checkpoint(folder, load_autoencoder(options.codec), generator, record)
    logger.info("checkpoint in %s", folder)
    return 0


def _train_kind(options: argparse.Namespace) -> int:
    from model import kinds
    from model.presets import load_preset

    _use(options.threads)
    train = getattr(kinds, options.kind)
    folder = train(options, load_preset(options.preset), _device(options.device))
    logger.info("checkpoint in %s", folder)
    return 0


def _within(minutes: float | None, training: Training) -> Training:
    """Return a training with another budget, if one was asked for."""
    return training if minutes is None else dataclasses.replace(training, minutes=minutes)


def _device(name: str | None) -> torch.device:
    """Return where to train.

    Raises:
        MissingTool: CUDA was asked for and is not there.
    """
    import torch

    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise MissingTool("no CUDA device here; leave --device out to train on the CPU")
    return torch.device(name or ("cuda" if there else "cpu"))


def _use(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)


if __name__ == "__main__":
    sys.exit(main())
