"""Benchmarks of training and engines, printed as JSON."""
