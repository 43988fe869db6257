"""The baseline: the same network, trained to name its own next code instead of being judged."""
