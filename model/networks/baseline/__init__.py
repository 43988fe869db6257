"""The baseline: the generator's network as an autoregressive model of codes."""
