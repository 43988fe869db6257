"""Build the native parts with the packages; everything else is in pyproject.toml."""

from setuptools import setup

setup(cffi_modules=["native_build.py:bridge_ffi", "native_build.py:model_ffi"])
