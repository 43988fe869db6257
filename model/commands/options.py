"""Types of options that several commands share."""

from model.formats.command_line import WholeRange

__all__ = ["JOBS", "MANY"]

JOBS = WholeRange(1, 1024)
"""Processes, or threads."""
MANY = WholeRange(1, 1_000_000)
"""Songs, and whatever else there may be many of."""
