"""Pure Data patches as data: objects, cords, and the text of the file.

Source:
    The file format, https://puredata.info/docs/developer/PdFileFormat.
"""

from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["FONT", "Patch"]

FONT = 10
"""Size of the letters, in pixels."""


@dataclass
class Patch:
    """Objects and cords of a Pd patch, in the order they were made."""

    width: int
    height: int
    lines: list[str] = field(default_factory=list)
    cords: list[str] = field(default_factory=list)

    def put(self, text: str, x: int, y: int, kind: str = "obj") -> int:
        """Add an object; return its number, for cords."""
        self.lines.append(f"#X {kind} {x} {y} {text};")
        return len(self.lines) - 1

    def message(self, text: str, x: int, y: int) -> int:
        """Add a message box."""
        return self.put(text.replace("$", "\\$").replace(";", "\\;"), x, y, "msg")

    def wire(self, *chain: int) -> None:
        """Connect objects in a row, each by its first ends."""
        for source, destination in pairwise(chain):
            self.cord(source, 0, destination, 0)

    def cord(self, source: int, outlet: int, destination: int, inlet: int) -> None:
        """Connect an outlet to an inlet."""
        self.cords.append(f"#X connect {source} {outlet} {destination} {inlet};")

    def inside(self, name: str, patch: "Patch", x: int, y: int) -> None:
        """Add a subpatch, which a click opens."""
        head = f"#N canvas 80 80 {patch.width} {patch.height} {name} 0;"
        self.lines.append("\n".join((head, *patch.lines, *patch.cords)))
        self.lines[-1] += f"\n#X restore {x} {y} pd {name};"

    def text(self) -> str:
        """Return the text of the file."""
        head = f"#N canvas 60 60 {self.width} {self.height} {FONT};"
        return "\n".join((head, *self.lines, *self.cords, ""))
