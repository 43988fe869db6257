"""The live host: plays a causal model through JACK or a sound card, steered over OSC."""
