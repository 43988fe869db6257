"""Describe the native extension ``bridge._native`` and build it in place when run.

The prototypes Python sees are the text between ``cdef begin`` and ``cdef end`` in the
headers, so there is one declaration of each function.

Example:
    ``python bridge/native/build.py`` leaves ``bridge/_native.*.so`` beside the sources;
    ``pip install .`` does the same through setuptools.
"""

import re
import subprocess
import sys
from pathlib import Path

from cffi import FFI

__all__ = ["ffibuilder"]

_FOLDER = Path("bridge/native")
_ROOT = Path(__file__).resolve().parents[2]
_HEADERS = ("share.h", "host.h", "glue.h")
_SOURCES = (
    "share.c",
    "beat.c",
    "envelope.c",
    "voice.c",
    "host.c",
    "jack_glue.c",
    "jack_latency.c",
    "portaudio_glue.c",
)
_FLAGS = ["-O3", "-std=c11", "-Wall", "-Wextra"]


def _prototypes(header: str) -> str:
    """Return the part of a header between its cdef marks.

    Raises:
        ValueError: The header does not have exactly one such part.
    """
    text = (_ROOT / _FOLDER / header).read_text(encoding="utf-8")
    parts = re.findall(r"/\* cdef begin \*/(.*?)/\* cdef end \*/", text, re.DOTALL)
    if len(parts) != 1:
        raise ValueError(f"{header} must have one part between cdef marks, it has {len(parts)}")
    return str(parts[0])


def _describe() -> FFI:
    ffi = FFI()
    for header in _HEADERS:
        ffi.cdef(_prototypes(header))
    ffi.set_source(
        "bridge._native",
        "".join(f'#include "{header}"\n' for header in _HEADERS),
        sources=[str(_FOLDER / source) for source in _SOURCES],
        include_dirs=[str(_FOLDER)],
        depends=[str(_FOLDER / path.name) for path in sorted((_ROOT / _FOLDER).glob("*.h"))],
        extra_compile_args=_FLAGS,
        libraries=["dl", "m", "pthread"],
    )
    return ffi


def _build_in_place() -> None:
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"]
    subprocess.run(command, cwd=_ROOT, check=True)


ffibuilder = _describe()

if __name__ == "__main__":
    _build_in_place()
