"""Describe the native extension ``model._native`` and build it in place when run.

Example:
    ``python model/native/build.py`` leaves ``model/_native.*.so`` beside the sources;
    ``pip install .`` does the same through setuptools.
"""

import re
import subprocess
import sys
from pathlib import Path

from cffi import FFI

__all__ = ["ffibuilder"]

_FOLDER = Path("model/native")
_ROOT = Path(__file__).resolve().parents[2]
_FLAGS = ["-O3", "-std=c11", "-Wall", "-Wextra", "-ffp-contract=fast"]


def _describe() -> FFI:
    text = (_ROOT / _FOLDER / "lstm.h").read_text(encoding="utf-8")
    found = re.search(r"/\* cdef begin \*/(.*?)/\* cdef end \*/", text, re.DOTALL)
    if found is None:
        raise ValueError("lstm.h must have a part between cdef marks")
    ffi = FFI()
    ffi.cdef(found[1])
    ffi.set_source(
        "model._native",
        '#include "lstm.h"',
        sources=[str(_FOLDER / "lstm.c")],
        include_dirs=[str(_FOLDER)],
        depends=[str(_FOLDER / "lstm.h")],
        extra_compile_args=_FLAGS,
    )
    return ffi


ffibuilder = _describe()

if __name__ == "__main__":
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"]
    subprocess.run(command, cwd=_ROOT, check=True)
