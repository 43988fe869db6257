"""Manual page and completions, made of the parser: ``python -m tools.manual FOLDER``.

Writes ``liveband.1``, and ``liveband.bash`` and ``_liveband`` for bash and zsh.
"""

import re
import sys
from pathlib import Path
from typing import Any

from bridge.__main__ import whole_parser

__all__ = ["completions", "manual_page"]

_ABOUT = "AI musician that hears a live mix and plays a new stem in real time"
_FILES = """.SH FILES
.TP
.I ~/.config/liveband
presets, maps of controllers, remembered connections
.TP
.I ~/.local/share/liveband
checkpoints of your own
.TP
.I ~/Music/liveband
recordings
.SH EXIT STATUS
0 done, 1 failed, 2 used wrongly, 3 something outside the program is missing, 130 Ctrl+C
.SH SEE ALSO
.BR jackd (1),
.BR pipewire (1)
"""


def manual_page(version: str) -> str:
    """Return the manual page in section 1, in man's language.

    Args:
        version: Of the program.
    """
    from argparse_manpage.manpage import Manpage

    parser: Any = whole_parser()
    parser.man_short_description = _ABOUT
    facts = {"project_name": "liveband", "prog": "liveband", "version": version}
    facts |= {"description": _ABOUT, "manual_title": "User Commands"}
    page = str(Manpage(parser, _data=facts, format="pretty"))
    # A line of text that begins with a quotation mark would be read as a request.
    return re.sub(r"^'", r"\\[u0027]", page, flags=re.MULTILINE) + _FILES


def completions() -> dict[str, str]:
    """Return the completion of each shell, by the name of its file."""
    import shtab

    parser = whole_parser()
    files = {"liveband.bash": "bash", "_liveband": "zsh"}
    return {name: str(shtab.complete(parser, shell)) for name, shell in files.items()}


if __name__ == "__main__":
    from importlib.metadata import version

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"liveband.1": manual_page(version("liveband")), **completions()}.items():
        folder.joinpath(name).write_text(text)
