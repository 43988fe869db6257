"""Build the native callback with the package; everything else is in pyproject.toml."""

from setuptools import setup

setup(cffi_modules=["bridge/native/build.py:ffibuilder"])
