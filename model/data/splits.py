"""Splits into train, valid and test, by fixed rules that do not depend on any seed."""

from __future__ import annotations

import hashlib

__all__ = ["SPLITS", "split_of", "split_of_song"]

SPLITS = ("train", "valid", "test")
"""Material to learn from, to choose by, and to judge by; nothing is in two of them."""


def split_of(name: str) -> str:
    """Return the split of a style or MIDI file: about 80 % train, 10 % valid, 10 % test.

    The rule depends on the name alone, so that a file never changes sides when a library or
    our list grows.

    Args:
        name: File name without suffix.

    Example:
        >>> split_of("swing"), split_of("bossanova")
        ('train', 'valid')
    """
    bucket = (
        int(hashlib.md5(f"liveband/{name}".encode(), usedforsecurity=False).hexdigest(), 16)
        % 10
    )
    return {0: "test", 1: "valid"}.get(bucket, "train")


def split_of_song(number: int) -> str:
    """Return the split of song ``number``: of every ten, one is valid and one test.

    Example:
        >>> [split_of_song(number) for number in range(5)]
        ['train', 'train', 'valid', 'train', 'test']
    """
    return {2: "valid", 4: "test"}.get(number % 10, "train")
