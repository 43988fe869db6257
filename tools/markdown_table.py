"""Tables in Markdown, for the pages that tools write."""

from collections.abc import Sequence

__all__ = ["markdown_table"]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table with a head line.

    Example:
        >>> print(markdown_table(["step", "rhythm"], [["2500", "0.29"]]))
        | step | rhythm |
        | --- | --- |
        | 2500 | 0.29 |
    """
    ruled = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)
