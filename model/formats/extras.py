"""Packages that only a part of the program needs, and the command that installs them.

``pip install liveband`` brings what plays; the rest are extras of the distribution.
"""

import sys
from importlib.machinery import PathFinder

__all__ = ["EXTRAS", "is_installed", "what_is_missing"]

EXTRAS = {
    "train": ("scipy", "tensorboard", "threadpoolctl", "tinysoundfont", "torch", "yaml"),
    "picture": ("matplotlib",),
}
"""Top-level modules by the extra that installs them."""


def is_installed(module: str) -> bool:
    """Return whether a top-level module can be imported, without importing it."""
    return PathFinder.find_spec(module) is not None


def what_is_missing(module: str | None, purpose: str) -> str | None:
    """Return what to tell of a module that is not installed, with the command that mends it.

    Args:
        module: Its name, as ``ModuleNotFoundError.name`` tells it.
        purpose: What needs it.

    Returns:
        One sentence; None for a module that no extra installs.

    Example:
        >>> what_is_missing("numpy", "everything") is None
        True
        >>> print(what_is_missing("torch.nn", "training"))  # doctest: +ELLIPSIS
        training needs the package torch, which is not installed: ... install 'liveband[train]'
    """
    top = (module or "").partition(".")[0]
    for extra, modules in EXTRAS.items():
        if top in modules:
            package = f"'liveband[{extra}]'"
            return f"{purpose} needs the package {top}, which is not installed: " + (
                f"{sys.executable} -m pip install {package}"
                if is_installed("pip")
                else f"in an environment of your own, pip install {package}"
            )
    return None
