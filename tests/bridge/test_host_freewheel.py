"""Tests of an export: the host waits for the engine, and the first frame is exact."""

import threading
import time

import numpy as np
import pytest

from tests.bridge.host_stage import BLOCK, HOP, noise


def test_freewheel_begins_a_fresh_take_that_is_exact_from_its_first_frame(stage):
    stage.play(0, np.ones(50_000))
    stage.share.strip(1).mute = True
    stage.run(1000)
    stage.share.strip(1).mute = False
    stem, mix = noise(9600, 1), noise(9600, 2)

    def engine():
        while stage.share.generation == 1:
            time.sleep(0.001)
        assert stage.share.epoch == (2, 1000)
        stage.share.begin_generation(2)
        for k in range(4):
            assert k == 0 or stage.share.wait_mix(1000 + k * HOP, 60.0)
            stage.share.write_stem(1000 + k * HOP, stem[k * HOP : (k + 1) * HOP])

    thread = threading.Thread(target=engine)
    thread.start()
    out = stage.run(9600, left=mix, block=100, freewheel=True)
    thread.join()
    np.testing.assert_array_equal(out[0], stem)
    np.testing.assert_array_equal(stage.share.read_mix(1000, 9600), mix)
    assert stage.share.snapshot().underruns == 0


@pytest.mark.parametrize("event", ["starts", "jumps"])
def test_the_transport_anchors_the_grid_only_while_freewheeling(stage, event):
    frame = 5000 if event == "jumps" else 0
    stage.share.engine_live = False

    def cycle(freewheel, rolling, at):
        stage.host.set_transport(rolling=rolling, frame=at)
        stage.run(BLOCK, freewheel=freewheel)
        return stage.share.generation

    assert cycle(False, False, 0) == 1
    assert cycle(False, event == "starts", frame) == 1
    assert cycle(True, False, 0) == 2
    assert cycle(True, False, 0) == 2
    assert cycle(True, event == "starts", frame) == 3
    assert cycle(True, event == "starts", frame + BLOCK * (event == "starts")) == 3
    assert stage.share.epoch_frame == 4 * BLOCK
    assert stage.share.transport.rolling == (event == "starts")


def test_freewheel_does_not_wait_without_an_engine_or_when_it_dies(stage):
    stage.share.engine_live = False
    began = time.monotonic()
    stage.run(10 * BLOCK, freewheel=True)
    stage.share.engine_live = True
    death = threading.Timer(0.1, setattr, (stage.share, "engine_live", False))
    death.start()
    stage.run(10 * BLOCK, freewheel=True)
    death.join()
    assert time.monotonic() - began < 8.0, "waited for the dead"
