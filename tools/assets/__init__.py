"""Programs that make files shipped with liveband: the demo mix, weights of an embedding."""
