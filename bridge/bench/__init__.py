"""Benchmarks of the bridge on this machine: parts, engines, start-up, memory."""
