"""Description of the native extensions ``bridge._native`` and ``model._native`` for setup.py.

The prototypes Python sees are the text between ``cdef begin`` and ``cdef end`` in the
headers, so there is one declaration of each function.

Example:
    ``python setup.py build_ext --inplace`` leaves ``_native.*.so`` in ``bridge`` and ``model``;
    ``pip install .`` does the same in the installed packages.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from cffi import FFI

__all__ = ["bridge_ffi", "model_ffi"]

_ROOT = Path(__file__).resolve().parent


def _prototypes(header: Path) -> str:
    """Return the part of a header between its cdef marks.

    Raises:
        ValueError: The header does not have exactly one such part.
    """
    text = header.read_text(encoding="utf-8")
    parts = re.findall(r"/\* cdef begin \*/(.*?)/\* cdef end \*/", text, re.DOTALL)
    if len(parts) != 1:
        raise ValueError(f"{header} must have one part between cdef marks, it has {len(parts)}")
    return str(parts[0])


def _extension(
    package: str, headers: Sequence[str], flags: Sequence[str], libraries: Sequence[str]
) -> FFI:
    """Describe the extension of a package: all of ``native/*.c``, seen through ``headers``."""
    folder = Path(package, "native")
    ffi = FFI()
    for header in headers:
        ffi.cdef(_prototypes(_ROOT / folder / header))
    ffi.set_source(
        f"{package}._native",
        "".join(f'#include "{header}"\n' for header in headers),
        sources=[str(folder / path.name) for path in sorted((_ROOT / folder).glob("*.c"))],
        include_dirs=[str(folder)],
        depends=[str(folder / path.name) for path in sorted((_ROOT / folder).glob("*.h"))],
        extra_compile_args=["-O3", "-Wall", "-Wextra", *flags],
        libraries=[*libraries],
    )
    return ffi


bridge_ffi = _extension(
    "bridge",
    headers=("share.h", "host.h", "glue.h"),
    flags=["-std=c11"],
    libraries=["dl", "m", "pthread"],
)
model_ffi = _extension(
    "model",
    headers=("network.h", "bar_pointer.h", "spectrum.h"),
    flags=["-std=gnu11", "-ffp-contract=fast"],
    libraries=["m"],
)
