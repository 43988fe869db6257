"""Evaluation: scores of stems against mixes, beats and chords, beside reference systems."""
