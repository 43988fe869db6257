"""Bands that play a checkpoint hop by hop, and playing of whole recordings.

::

    players                     the band of any checkpoint; playing of recordings
    accompanist                 all of a band but the calls of its networks
    torch_accompanist           a band on torch; baseline_accompanist for the baseline
    condition_encoding          what a player is asked to be, as numbers
    band_memory, state_arrays   what a band heard and played, as named arrays
"""
