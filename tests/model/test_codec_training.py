"""The training step of the codec, and trainings that begin with a finished codec."""

import random
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from model.__main__ import main
from model.checkpoint import load_autoencoder, save_checkpoint
from model.data.crops import crop_batch, load_training_audio
from model.errors import ModelConfigError
from model.layers.magnitudes import hann_magnitudes
from model.layers.spectrum import mel_filters
from model.networks.autoencoder import Autoencoder
from model.networks.losses import SpectralDistance
from model.presets import load_preset
from model.training.codec import begin_with, noise_like, train_codec
from model.training.level_calibration import calibrate_level
from model.training.moments import RunningMoments
from model.training.prefetch import batch_rng
from model.training.processes import ALONE
from model.training.trainer import TrainingRun
from model.training.unused_latents import renew_unused_latents

SMALL = load_preset("smoke").autoencoder


def plain_magnitudes(x_BT, n_fft):
    window = torch.hann_window(n_fft, dtype=x_BT.dtype)
    window = window / window.sum() * 2
    spectrum = torch.stft(x_BT, n_fft, n_fft // 4, window=window, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square() + 1e-10).sqrt().transpose(1, 2)


@pytest.mark.parametrize("n_fft", [16, 64])
def test_magnitudes_have_the_gradient_of_the_plain_ones(n_fft):
    x_BT = torch.randn(2, 203, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: hann_magnitudes(x, n_fft).square(), (x_BT,))
    torch.testing.assert_close(hann_magnitudes(x_BT, n_fft), plain_magnitudes(x_BT, n_fft))


def test_a_full_scale_sine_has_magnitude_one():
    sine = torch.sin(torch.arange(4800) * 2 * torch.pi * 1000 / 48_000)
    assert hann_magnitudes(sine[None], 480)[0, 20].max() == pytest.approx(1, abs=1e-3)


def test_distances_and_their_gradient_are_those_of_plain_spectra():
    made_BT, real_BT = 0.1 * torch.randn(2, 3, 12_000)
    gradients, values = [], []
    for fast in (True, False):
        made = made_BT.clone().requires_grad_()
        if fast:
            mel, linear, _ = SpectralDistance(48_000)(made, real_BT)
        else:
            mel, linear = _plain_distances(made, real_BT)
        (2 * mel + linear).backward()
        gradients.append(made.grad)
        values.append(torch.stack([mel, linear]).detach())
    torch.testing.assert_close(*values)
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-9)


def _plain_distances(made_BT, real_BT):
    mels, linears = [], []
    for n_fft, bands in ((4096, 96), (2048, 96), (1024, 80), (512, 48), (256, 24)):
        filters = mel_filters(48_000, n_fft, bands).float()
        made, real = (plain_magnitudes(x, n_fft) for x in (made_BT, real_BT))
        mels.append(F.l1_loss((made @ filters + 1e-4).log(), (real @ filters + 1e-4).log()))
        linears.append((made - real).abs().mean() / (real.mean() + 1e-4))
    return torch.stack(mels).mean(), torch.stack(linears).mean()


@pytest.fixture(scope="module")
def whitened(tmp_path_factory):
    """A finished codec, whitened, that sounds."""
    torch.manual_seed(0)
    network = Autoencoder(SMALL).eval()
    network.whiten(torch.randn(200, SMALL.latent) @ torch.randn(SMALL.latent, SMALL.latent) + 1)
    folder = tmp_path_factory.mktemp("start") / "codec"
    save_checkpoint(folder, network, None, {})
    return folder


def test_a_training_begins_with_what_the_codec_does(whitened):
    start, network = load_autoencoder(str(whitened)), Autoencoder(SMALL).eval()
    begin_with(network, start)
    audio_BTC = 0.1 * torch.randn(1, 24_000, 1)
    with torch.no_grad():
        expected = start.decoder.spectra(start.encoder(audio_BTC), start.decoder.init_state(1))
        latent_BTC = network.encoder.unrotated(audio_BTC, network.encoder.init_state(1))
        torch.testing.assert_close(latent_BTC, start.encoder(audio_BTC), rtol=1e-3, atol=1e-3)
        made = network.decoder.spectra(latent_BTC, network.decoder.init_state(1))
    torch.testing.assert_close(made, expected, rtol=1e-3, atol=5e-3)
    assert not torch.equal(start.encoder.rotation, torch.eye(SMALL.latent))
    assert torch.equal(network.encoder.rotation, torch.eye(SMALL.latent))


def test_noise_is_as_large_as_latents_in_every_direction():
    mixing = torch.tensor([[3.0, 1.0], [0.0, 0.02]])
    latent_BTC = torch.randn(4, 500, 2) @ mixing + 5
    noise = noise_like(latent_BTC.requires_grad_())
    assert not noise.requires_grad
    own, added = (torch.cov(each.detach().flatten(0, 1).T) for each in (latent_BTC, noise))
    white = torch.linalg.inv(torch.linalg.cholesky(own.double()))
    relative = white @ added.double() @ white.T
    torch.testing.assert_close(relative, torch.eye(2).double(), rtol=0, atol=0.15)
    assert noise.mean().abs() < 0.3


def test_an_autoencoder_of_other_sizes_is_refused(whitened):
    larger = Autoencoder(replace(SMALL, latent=SMALL.latent + 1, decoder_hop=32))
    with pytest.raises(ModelConfigError, match=r"latent 8.*has 9, decoder_hop 24.*has 32"):
        begin_with(larger, load_autoencoder(str(whitened)))


def test_a_run_begins_with_the_checkpoint_and_goes_on_with_its_own_state(
    whitened, rendered, tmp_path
):
    start, material = load_autoencoder(str(whitened)), load_training_audio(rendered, None, 0.3)
    run = TrainingRun(folder=tmp_path, device=torch.device("cpu"))
    begun = Autoencoder(SMALL)
    begin_with(begun, start)
    training = load_preset("smoke").codec_training
    frames = training.hops * SMALL.hop

    def draw(step: int) -> torch.Tensor:
        rng = batch_rng(training.seed, step, ALONE)
        return torch.from_numpy(crop_batch(material, training.batch, frames, rng))

    renew_unused_latents(begun, draw, 40)
    weights = [begun.encoder.leave.weight.detach().clone()]
    for steps in (2, 4):
        paced = replace(training, steps=steps)
        network, progress = train_codec(material, SMALL, paced, run, start=start)
        assert progress.step == steps
        weights.append(network.encoder.leave.weight.detach())
    assert 0 < (weights[0] - weights[1]).abs().max() < 1e-3
    assert 0 < (weights[1] - weights[2]).abs().max() < 1e-3
    torch.testing.assert_close(network.encoder.rotation, torch.eye(SMALL.latent))


def test_other_sizes_end_the_command_with_what_to_do(rendered, tmp_path, caplog):
    train = ["train", "codec", str(rendered), str(tmp_path / "run"), "--preset", "smoke"]
    assert main([*train, "--start", "default"]) == 2
    assert "choose another preset or checkpoint" in caplog.text
    assert not (tmp_path / "run" / "state.pt").exists()


def test_silence_is_encoded():
    with torch.no_grad():
        assert torch.isfinite(Autoencoder(SMALL).encoder(torch.zeros(1, 4800, 1))).all()


def running_distance(latent_BTC: torch.Tensor) -> float:
    moments = RunningMoments(latent_BTC.shape[-1])
    for batch_BTC in latent_BTC.split(1):
        _, distance = moments.penalty(batch_BTC)
    return float(distance)


def test_latents_that_repeat_each_other_are_not_white():
    torch.manual_seed(0)
    independent = torch.randn(60, 2000, 4)
    assert running_distance(independent) < 0.01
    assert running_distance(independent[..., [0, 0, 1, 2]]) == pytest.approx(2 / 4, abs=0.04)
    assert running_distance(2 * independent) == pytest.approx(9, abs=0.3)


def test_batches_too_small_to_tell_are_white_together():
    latent_BTC = torch.randn(400, 8, 16)
    _, alone = RunningMoments(16).penalty(latent_BTC[:1])
    assert running_distance(latent_BTC) < 0.5 < alone


def test_the_penalty_leads_to_white_latents():
    torch.manual_seed(0)
    latent_BTC = (
        torch.randn(20, 50, 3) @ torch.tensor([[3.0, 1, 0], [0, 0.1, 0], [1, 0, 1]]) + 1
    )
    turn = torch.eye(3, requires_grad=True)
    shift = torch.zeros(3, requires_grad=True)
    steps = torch.optim.SGD([turn, shift], lr=2e-4)
    moments = RunningMoments(3)
    distances = []
    for _ in range(2000):
        loss, distance = moments.penalty(latent_BTC @ turn + shift)
        steps.zero_grad()
        loss.backward()
        steps.step()
        distances.append(float(distance))
    assert distances[20] > 1
    assert distances[-1] < 0.1 * distances[20]


def test_running_moments_go_on_where_they_were():
    latent_BTC = torch.randn(6, 20, 4)
    whole, first, second = (RunningMoments(4) for _ in range(3))
    for batch in latent_BTC[:3]:
        whole.penalty(batch[None])
        first.penalty(batch[None])
    second.load_state_dict(first.state_dict())
    for batch in latent_BTC[3:]:
        expected, found = whole.penalty(batch[None]), second.penalty(batch[None])
        torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_unused_latents_get_a_new_meaning_and_the_sound_stays():
    torch.manual_seed(0)
    network = Autoencoder(SMALL).eval()
    audio_BT = 0.1 * torch.randn(8, 60 * SMALL.hop) * torch.linspace(0, 1, 8)[:, None]
    with torch.no_grad():
        network.encoder.leave.weight[:3] *= 1e-4
        network.whiten(network.encoder(audio_BT[..., None]).flatten(0, 1))
    network.fold_whitening()

    def heard() -> tuple[torch.Tensor, torch.Tensor]:
        with torch.no_grad():
            latent_BTC = network.encoder(audio_BT[..., None])
            return latent_BTC, network.decoder.spectra(
                latent_BTC, network.decoder.init_state(8)
            )

    unused, before = heard()
    assert (unused.flatten(0, 1).var(0) < 0.5).sum() == 3
    assert renew_unused_latents(network, lambda step: audio_BT, 1) == 3
    latent_BTC, after = heard()
    torch.testing.assert_close(after, before, rtol=1e-2, atol=1e-2)
    covariance = torch.cov(latent_BTC.flatten(0, 1).T)
    torch.testing.assert_close(covariance, torch.eye(SMALL.latent), rtol=0, atol=0.05)
    assert renew_unused_latents(network, lambda step: audio_BT, 1) == 0


def test_a_calibrated_decoder_is_as_loud_as_the_music(rendered):
    material = load_training_audio(rendered, None, 0.0)
    autoencoder = load_autoencoder("default")
    bins = autoencoder.decoder.vocoder.bins
    with torch.no_grad():
        autoencoder.decoder.head.bias[:bins] -= 0.35
    before = _level_error(autoencoder, material)
    calibrate_level(autoencoder, material, crops=32)
    assert before < -3
    assert abs(_level_error(autoencoder, material)) < 1


@torch.no_grad()
def _level_error(autoencoder, material):
    """Mean over crops of the level of what was decoded, over that of the original, in dB."""
    audio_BT = torch.from_numpy(crop_batch(material, 16, 144_000, random.Random(5)))
    made_BT = autoencoder.decoder(autoencoder.encoder(audio_BT[..., None]))[..., 0]
    powers = made_BT[:, 12_000:].square().mean(1), audio_BT[:, 12_000:].square().mean(1)
    return 10 * (powers[0].log10() - powers[1].log10()).mean().item()
