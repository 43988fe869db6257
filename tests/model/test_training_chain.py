"""From rendered songs to a checkpoint that plays: our own commands, at smoke scale."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from bridge.protocols import Conditions
from model.__main__ import main
from model.accompanists.players import load
from model.checkpoint import load_checkpoint, read_record, write_record
from model.errors import CheckpointError, ModelConfigError
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.coding import Coding
from model.networks.baseline.network import Baseline
from model.networks.bidirectional import BidirectionalGenerator
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator
from model.training.checkpoint_record import codec_record
from model.training.discriminator_file import load_discriminator
from model.training.initial_weights import (
    copy_matching_weights,
    copy_trunk_weights,
    load_initial_networks,
)
from model.training.run_state import load_state


@pytest.fixture(scope="module")
def chain(rendered, tmp_path_factory):
    """Everything the commands leave behind, run in the order of docs/training.md."""
    root = tmp_path_factory.mktemp("chain")
    smoke = ["--preset", "smoke"]
    few = [*smoke, "--threads", "1"]
    assert main(["train", "codec", str(rendered), str(root / "codec"), *few]) == 0
    codec = str(root / "codec" / "codec")
    assert main(["data", "encode", str(rendered), codec, str(root / "latents"), *smoke]) == 0
    assert (
        main(["train", "liveband", str(root / "latents"), codec, str(root / "band"), *few]) == 0
    )
    return root


def test_the_checkpoint_plays(chain):
    player = load(chain / "band" / "checkpoint")
    assert player.stems == ("drums", "bass")
    player.listen(np.zeros(player.hop, np.float32))
    player.condition(1, Conditions(stem="bass"))
    player.condition(2, Conditions(stem="drums"))
    audio = player.play()
    assert audio.shape == (2, player.hop)
    assert np.isfinite(audio).all()


def test_a_refined_decoder_keeps_latents_and_generator(chain, rendered):
    old, run = chain / "band" / "checkpoint", chain / "refined"
    few = ["--preset", "smoke", "--threads", "1"]
    assert main(["train", "decoder", str(rendered), str(old), str(run), *few]) == 0
    before, after = load_checkpoint(old), load_checkpoint(run / "checkpoint")
    audio_BTC = 0.1 * torch.randn(1, 24000, 1)
    latent_BTC = before.autoencoder.encoder(audio_BTC)
    assert torch.equal(after.autoencoder.encoder(audio_BTC), latent_BTC)
    assert not torch.equal(
        after.autoencoder.decoder(latent_BTC), before.autoencoder.decoder(latent_BTC)
    )
    for name, weight in before.generator.state_dict().items():
        assert torch.equal(weight, after.generator.state_dict()[name])
    figures = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert {"judges", "fooled", "matching", "mel"} <= set().union(*figures)


def test_latents_are_white(chain):
    arrays = [np.load(f)["stem"].astype(float) for f in (chain / "latents").glob("*/bass.npz")]
    assert len(arrays) == 3
    assert np.isfinite(np.concatenate(arrays)).all()


def test_the_log_holds_figures_and_training_goes_on(chain):
    lines = (chain / "band" / "log.jsonl").read_text().splitlines()
    assert {"discriminator", "generator", "gap", "step"} <= set(json.loads(lines[-1]))
    before = load_state(chain / "band" / "state.pt")
    latents, codec = str(chain / "latents"), str(chain / "codec" / "codec")
    train = ["train", "liveband", latents, codec, str(chain / "band"), "--preset", "smoke"]
    assert main([*train, "--steps", str(before["step"] + 2)]) == 0
    after = load_state(chain / "band" / "state.pt")
    assert after["step"] == before["step"] + 2
    assert after["sizes"] == before["sizes"]


def test_evaluation_prints_every_row(chain, rendered, capsys):
    arguments = ["evaluate", str(rendered), "--checkpoint", str(chain / "band" / "checkpoint")]
    few = ["--quick", "--jobs", "1", "--songs", "1"]
    assert main([*arguments, *few, "--seconds", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    systems = {row["system"]: row for row in rows}
    assert {"ground truth", "codec", "liveband 0.1 s", "random pairing", "silence"} <= set(
        systems
    )
    assert systems["ground truth"]["log_mel"] == 0
    assert systems["silence"]["rhythm"] == 0


def test_whitening_keeps_the_function(chain):
    torch.manual_seed(0)
    network = Autoencoder(AutoencoderConfig(latent=8, decoder_inner=16, decoder_hop=24)).eval()
    audio_BTC = 0.1 * torch.randn(1, 24000, 1)
    with torch.no_grad():
        before = network.decoder(network.encoder(audio_BTC))
        network.whiten(network.encoder(audio_BTC)[0] + 0.1 * torch.randn(10, 8))
        after = network.decoder(network.encoder(audio_BTC))
    assert (before - after).abs().max() < 1e-5


def test_unknown_preset_names_the_choices(caplog, rendered, tmp_path):
    assert main(["train", "codec", str(rendered), str(tmp_path), "--preset", "huge"]) == 2
    assert "cpu, h200, long, smoke" in caplog.text


def test_no_songs_names_the_command(caplog, tmp_path):
    assert main(["train", "codec", str(tmp_path), str(tmp_path / "run")]) == 1
    assert "liveband data render" in caplog.text


def test_the_record_says_how_it_was_trained(chain):
    checkpoint = load_checkpoint(chain / "band" / "checkpoint")
    assert checkpoint.training["liveband"]["batch"] == 4
    assert checkpoint.training["codec"]["batch"] == 2


def test_the_record_keeps_the_evaluation(chain, rendered):
    where = str(chain / "band" / "checkpoint")
    arguments = ["evaluate", str(rendered), "--checkpoint", where, "--record"]
    few = ["--quick", "--jobs", "1", "--songs", "1"]
    assert main([*arguments, *few, "--seconds", "1"]) == 0
    record = load_checkpoint(where).training
    assert record["evaluation"]["songs"] == 1
    assert record["evaluation"]["rows"][0]["system"] == "ground truth"
    assert record["liveband"]["batch"] == 4


def test_a_training_begins_with_what_another_has_learnt():
    known = GeneratorConfig(
        stems=("drums", "bass"), grooves=("jazz", "pop"), anticipations=(0, 2)
    )
    wanted = replace(known, stems=("piano", "bass"), grooves=("pop",), anticipations=(0,))
    teacher, pupil = Generator(known), BidirectionalGenerator(wanted)
    own = pupil.stem.weight[0].clone()
    copy_matching_weights(pupil, teacher)
    assert torch.equal(
        pupil.blocks[0].attention.merge.weight, teacher.blocks[0].attention.merge.weight
    )
    assert torch.equal(pupil.stem.weight, torch.stack([own, teacher.stem.weight[1]]))
    assert torch.equal(pupil.groove.weight, teacher.groove.weight[[0, 2]])
    assert torch.equal(pupil.anticipation.weight, teacher.anticipation.weight[:1])
    with pytest.raises(ModelConfigError, match=r"192 channels.*96 channels"):
        copy_matching_weights(Generator(replace(known, channels=96)), teacher)


def test_a_baseline_begins_with_the_trunk_of_a_generator():
    known = GeneratorConfig(stems=("drums", "bass"))
    teacher, pupil = Generator(known), Baseline(replace(known, stems=("bass",)), Coding())
    own = {name: value.clone() for name, value in pupil.trunk.state_dict().items()}
    copy_trunk_weights(pupil, teacher)
    trunk, noise = pupil.trunk, pupil.trunk.config.noise
    assert torch.equal(trunk.stem.weight, teacher.stem.weight[1:])
    assert torch.equal(trunk.join.weight[:, noise:], teacher.join.weight[:, known.noise :])
    assert torch.equal(trunk.join.weight[:, :noise], own["join.weight"][:, :noise])
    assert torch.equal(trunk.join.bias, teacher.join.bias)
    for name, value in trunk.state_dict().items():
        if name.startswith(("seed.", "leave.")):
            assert torch.equal(value, own[name]), name
        elif name not in ("stem.weight", "join.weight"):
            assert torch.equal(value, teacher.state_dict()[name]), name
    with pytest.raises(ModelConfigError, match=r"192 channels.*96 channels"):
        copy_trunk_weights(Baseline(replace(known, channels=96), Coding()), teacher)


def test_who_takes_an_autoencoder_takes_no_figures_of_others(tmp_path, chain):
    band = tmp_path / "band"
    shutil.copytree(chain / "band" / "checkpoint", band)
    write_record(band, {**read_record(band), "evaluation": {"rows": []}, "notes": {}})
    assert set(codec_record(band)) == {"codec"}
    assert {"codec", "liveband", "evaluation"} <= set(read_record(band))


def test_an_autoencoder_alone_is_nothing_to_start_with(chain):
    with pytest.raises(CheckpointError, match="autoencoder alone"):
        load_initial_networks(str(chain / "codec" / "codec"))
    assert load_initial_networks(None) is None


def test_the_discriminator_is_kept_and_begun_with(chain, tmp_path, caplog):
    band = chain / "band" / "checkpoint"
    kept = load_discriminator(band)
    state = load_state(chain / "band" / "state.pt")["parts"]["discriminator"]
    for name, value in kept.state_dict().items():
        assert torch.equal(value, state[name].half().float())
    latents, codec = str(chain / "latents"), str(chain / "codec" / "codec")
    train = ["train", "liveband", latents, codec]
    more = ["--preset", "smoke", "--steps", "1", "--threads", "1", "--start", str(band)]
    caplog.set_level("INFO")
    assert main([*train, str(tmp_path / "again"), *more]) == 0
    assert "begins anew" not in caplog.text
    again = load_discriminator(tmp_path / "again" / "checkpoint").state_dict()
    for name, value in kept.state_dict().items():  # one step further
        torch.testing.assert_close(again[name], value, rtol=1e-3, atol=1e-3)


def test_a_discriminator_that_is_missing_or_damaged(chain, tmp_path, caplog):
    band = tmp_path / "band"
    shutil.copytree(chain / "band" / "checkpoint", band)
    (band / "discriminator.safetensors").write_bytes(b"nonsense")
    with pytest.raises(CheckpointError, match="remove it to begin anew"):
        load_initial_networks(str(band))
    (band / "discriminator.safetensors").unlink()
    assert load_initial_networks(str(band)).discriminator is None
