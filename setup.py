"""Build the native parts with the packages; everything else is in pyproject.toml."""

from setuptools import setup

setup(cffi_modules=["bridge/native/build.py:ffibuilder", "model/native/build.py:ffibuilder"])
