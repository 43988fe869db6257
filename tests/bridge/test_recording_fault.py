"""A recording that fails in an unexpected way: it ends, is told of, and another can begin."""

import time

import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.background import TaskErrors
from bridge.common.errors import RefusedError
from bridge.state.recording import Recorder, _RecordingFiles


@pytest.mark.parametrize("step", ["advance", "close"])
def test_a_recording_that_fails_unexpectedly_bars_no_other(tmp_path, monkeypatch, step):
    errors, works = TaskErrors(), getattr(_RecordingFiles, step)

    def fail(*_):
        raise UnicodeEncodeError("utf-8", "\udce4", 0, 1, "surrogates not allowed")

    with AudioShare.create(48_000, 2400) as share:
        recorder = Recorder(share, tmp_path, dict, errors)
        monkeypatch.setattr(_RecordingFiles, step, fail)
        recorder.start("first")
        until = time.monotonic() + 60.0
        while step == "advance" and recorder.reading.recording:
            assert time.monotonic() < until
            time.sleep(0.01)
        with pytest.raises(RefusedError, match=r"'first' .*a fault of the program \(.*report"):
            recorder.stop()
        assert errors.counts == {"recording": 1}
        monkeypatch.setattr(_RecordingFiles, step, works)
        recorder.start("second")
        assert recorder.stop() == "second"
