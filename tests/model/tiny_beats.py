"""Tiny sounds with beats at 120 bpm, and songs made of them."""

import json

import numpy as np

RATE = 48_000


def clicks(seconds, seed=0):
    """Return noise that is struck twice a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal(len(time))
    return (0.3 * np.exp(-((time % 0.5) * 12)) * noise).astype(np.float32)


def write_song(folder, number):
    """Write a song of 20 s in 4/4 with drums and bass."""
    folder.mkdir(parents=True)
    drums = clicks(20, number)
    time = np.arange(len(drums)) / RATE
    bass = (0.2 * np.sin(2 * np.pi * 55 * time) * np.exp(-(time % 0.5))).astype(np.float32)
    stems = {"drums": drums, "bass": bass}
    for name, audio in stems.items():
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    beats = np.arange(0, 20, 0.5)
    facts = {
        "stems": [{"class": name, "active_share": 1.0} for name in stems],
        "beats_s": beats.tolist(),
        "downbeats_s": beats[::4].tolist(),
    }
    (folder / "song.json").write_text(json.dumps(facts))
