"""Songs as ``liveband data render`` leaves them, small and made on the spot, for tests."""

import json

import numpy as np

__all__ = ["RATE", "write_song"]

RATE = 48000


def write_song(folder, number):
    """Write a song of 6 s with three stems; songs of different numbers differ."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(number)
    seconds = np.arange(6 * RATE) / RATE
    beat = np.exp(-((seconds % 0.5) * 30))
    stems = {
        "drums": 0.3 * beat * rng.standard_normal(len(seconds)),
        "bass": 0.3 * np.sin(2 * np.pi * 55 * (1 + number % 3) * seconds),
        "piano": 0.1 * np.sin(2 * np.pi * 440 * seconds) * (0.2 + beat),
    }
    for name, audio in stems.items():
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    facts = {"stems": [{"class": n, "active_share": 1.0} for n in stems]}
    (folder / "song.json").write_text(json.dumps(facts))
