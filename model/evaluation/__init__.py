"""How good is it: scores of stems against mixes, grids and chords, beside reference rows."""
