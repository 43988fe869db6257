"""Whole programs put to the test on a private audio server: latency, agreement, storms."""
