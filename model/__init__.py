"""The networks of liveband: a causal autoencoder and a streaming accompaniment generator."""
