"""The companion page in a browser, as a visitor meets it: headless Chromium, if it is there."""

import numpy as np
import pytest
import soundfile
import torch

from model.__main__ import main
from model.checkpoint import save_checkpoint
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.generator import Generator
from model.page.sound import write_sound
from model.presets import load_preset
from tools.chromium import CHROMIUM, chromium, wait_until

PHONE, DESK = 360, 1280
SLOWLY = """(() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    this.playbackRate = 0.1;
    return play.call(this);
  };
})()"""
"""Has four seconds last forty, so that no sound ends while a busy machine looks away."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")


def visit(browser, page, width, *, dark=False):
    browser.visit(page.as_uri(), width=width, dark=dark)
    browser.run(SLOWLY)


def moments(browser, sample):
    return browser.run(
        f"[...document.querySelectorAll('{sample} .scope')]"
        ".map((s) => Number(s.style.getPropertyValue('--at')))"
    )


@pytest.fixture(scope="module")
def page(rendered, tmp_path_factory):
    root, out = tmp_path_factory.mktemp("members"), tmp_path_factory.mktemp("site")
    torch.manual_seed(0)
    preset = load_preset("smoke")
    codec, sizes = Autoencoder(preset.autoencoder).eval(), preset.generator
    save_checkpoint(root / "band", codec, Generator(sizes).eval(), {})
    save_checkpoint(root / "codes", codec, Baseline(sizes, preset.coding).eval(), {})
    words = ["page", str(rendered), "--out", str(out), "--checkpoint", str(root)]
    assert main([*words, "--quick", "--seconds", "4"]) == 0
    return out / "index.html"


@pytest.fixture(scope="module")
def browser():
    with chromium() as program, program.tab() as tab:
        yield tab


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 720, DESK])
def test_nothing_overflows_and_nothing_complains(browser, page, width, dark):
    browser.complaints.clear()
    visit(browser, page, width, dark=dark)
    assert browser.run("document.documentElement.scrollWidth") <= width
    outside = browser.run(
        "[...document.querySelectorAll('main *, header *, nav *')]"
        ".filter((e) => !e.closest('.wide')"
        f" && e.getBoundingClientRect().right > {width} + 1)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert outside == []
    assert browser.complaints == []


def test_every_player_and_every_picture_loads(browser, page):
    visit(browser, page, DESK)
    failed = browser.run(
        "Promise.all([...document.querySelectorAll('.play')].map((b) => new Promise((done) => {"
        "const a = new Audio(b.dataset.sound);"
        "a.onloadedmetadata = () => done(Math.abs(a.duration - 4) < 0.1 ? '' : a.duration);"
        "a.onerror = () => done(b.dataset.sound); })))"
    )
    assert len(failed) >= 10
    assert not any(failed)
    blank = browser.run(
        "Promise.all([...document.querySelectorAll('.play')].map((b) => new Promise((done) => {"
        "const i = new Image(); i.onload = () => done(i.naturalWidth === 0);"
        "i.onerror = () => done(true); i.src = b.dataset.picture; })))"
    )
    assert not any(blank)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_first_sound_takes_one_click(browser, page, width):
    visit(browser, page, width)
    browser.click(".play.big")
    wait_until(lambda: moments(browser, ".featured")[0] > 0)
    assert browser.run("document.querySelector('.play.big').ariaPressed") == "true"
    assert browser.run("document.querySelector('#playing').textContent") == "LiveBand 0.1 s"
    browser.click("#toggle")
    wait_until(
        lambda: browser.run("document.querySelector('.play.big').ariaPressed") == "false"
    )
    assert browser.complaints == []


def test_systems_change_at_the_same_moment_by_keyboard(browser, page):
    visit(browser, page, DESK)
    browser.run("document.querySelector('#family-01 .play').focus()")
    browser.click("#family-01 .play")
    wait_until(lambda: moments(browser, "#family-01")[0] > 0.02)
    assert len(set(moments(browser, "#family-01"))) == 1
    before = moments(browser, "#family-01")[0]
    browser.press("ArrowDown")
    who = "document.activeElement.dataset.who"
    assert browser.run(who) == "Ground truth"
    wait_until(lambda: browser.run("document.activeElement.ariaPressed") == "true")
    wait_until(lambda: moments(browser, "#family-01")[0] > before)
    assert browser.run("document.querySelectorAll('[aria-pressed=true]').length") == 1


def test_a_sound_that_is_missing_is_named_and_can_be_tried_again(browser, page):
    visit(browser, page, DESK)
    button = "document.querySelector('#family-01 .play')"
    there = browser.run(f"{button}.dataset.sound")
    browser.run(f"{button}.dataset.sound = 'audio/nobody.ogg'")
    browser.click("#family-01 .play")
    said = "document.querySelector('#playing').textContent"
    wait_until(lambda: browser.run(said).startswith("audio/nobody.ogg cannot be loaded"))
    wait_until(lambda: browser.run(f"{button}.ariaPressed") == "false")
    browser.run(f"{button}.dataset.sound = '{there}'")
    browser.click("#family-01 .voice + .voice .play")
    browser.click("#family-01 .play")
    wait_until(lambda: moments(browser, "#family-01")[0] > 0.01)
    assert browser.run(said) == "The family 1 bass: Input mix, mix"
    browser.complaints.clear()  # the browser's own words on the missing file


def test_a_shorter_sound_does_not_take_the_moment_away(browser, page):
    visit(browser, page, DESK)
    short = page.parent / "audio" / "short.ogg"
    heard, rate = soundfile.read(page.parent / "audio" / "family-01-input.ogg")
    write_sound(short, heard[: rate // 2].astype(np.float32), rate)
    rows = [f"#family-01 .voice:nth-child({row}) .play" for row in (1, 2, 3)]
    browser.run(f"document.querySelector('{rows[1]}').dataset.sound = 'audio/short.ogg'")
    browser.run("document.querySelector('#family-01 .scope input').focus()")
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    at = "document.querySelector('#family-01 .scope input').value"
    assert float(browser.run(at)) == 2
    browser.click(rows[0])
    wait_until(lambda: float(browser.run(at)) > 2)
    browser.click(rows[1])
    wait_until(lambda: float(browser.run(at)) < 0.5)
    browser.click(rows[2])
    wait_until(lambda: float(browser.run(at)) > 2)


def test_space_plays_and_pauses_on_a_picture_too(browser, page):
    visit(browser, page, DESK)
    browser.click("#family-01 .play")
    wait_until(lambda: moments(browser, "#family-01")[0] > 0)
    browser.run("document.querySelector('#family-01 .scope input').focus()")
    pressed = "document.querySelector('#family-01 .play').ariaPressed"
    for expected in ("false", "true"):
        browser.press(" ")
        wait_until(lambda expected=expected: browser.run(pressed) == expected)


def test_a_picture_is_a_slider(browser, page):
    visit(browser, page, DESK)
    browser.run("document.querySelector('#family-01 .scope input').focus()")
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    browser.press("ArrowLeft")
    shown = moments(browser, "#family-01")
    assert shown[0] == pytest.approx(0.25, abs=0.01)
    assert len(set(shown)) == 1
    said = "document.activeElement.getAttribute('aria-valuetext')"
    assert browser.run(said) == "1.0 s"


def test_dark_and_light_differ_and_can_be_switched(browser, page):
    visit(browser, page, DESK, dark=True)
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = browser.run(colour)
    browser.click("#theme")
    assert browser.run(colour) != dark
