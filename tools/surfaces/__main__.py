"""Command ``python -m tools.surfaces``: write or check the generated remotes."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.surfaces.generated import generated_files, outdated_files

ROOT_FOLDER = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or compare them; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.surfaces", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    if options.check:
        wrong = outdated_files(ROOT_FOLDER)
        for path in wrong:
            sys.stderr.write(f"{path} is not as the parameter table has it\n")
        if wrong:
            sys.stderr.write("run: make surfaces\n")
        return int(bool(wrong))
    for path, content in generated_files().items():
        file = ROOT_FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
