"""QR codes of links, for a terminal and for a page.

The library is loaded when a code is asked for: it would delay the start of every band.
"""

import io

__all__ = ["svg_link", "terminal_blocks"]


def terminal_blocks(link: str) -> str:
    """Return a QR code as lines of half blocks, for a dark terminal.

    Args:
        link: Its text.
    """
    import segno

    lines = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(out=lines, border=2, compact=True)
    return lines.getvalue()


def svg_link(link: str) -> str:
    """Return a QR code as a ``data:`` link to an SVG picture, black on white.

    Args:
        link: Its text.
    """
    import segno

    code = segno.make(link, error="l", micro=False)
    return str(code.svg_data_uri(scale=8, border=4, light="white"))
