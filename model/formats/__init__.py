"""File formats and folders shared by the live program, training and evaluation.

Nothing here imports torch, numpy or another package for numbers, so that a process that loads
no network can read what checkpoints say of themselves.
"""
