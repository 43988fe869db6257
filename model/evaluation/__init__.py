"""How good is it: weight-free scores of stems against mixes, and reference rows."""
