"""Folders of the user's files, by the conventions of each system."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["cache_folder", "config_folder", "data_folder", "recordings_folder", "state_folder"]


def cache_folder(environment: Mapping[str, str] = os.environ, system: str = "") -> Path:
    """Return the folder for files that can be made again; it need not exist yet.

    Args:
        environment: Environment variables; ``XDG_CACHE_HOME`` counts on every system.
        system: As ``sys.platform``; empty for this one.

    Example:
        >>> cache_folder({"XDG_CACHE_HOME": "/home/mia/.cache"}).as_posix()
        '/home/mia/.cache/liveband'
    """
    named = _named_folder("XDG_CACHE_HOME", environment)
    if named is not None:
        return named
    if (system or sys.platform) == "darwin":
        return Path.home() / "Library" / "Caches" / "liveband"
    if (system or sys.platform) == "win32":
        return config_folder(environment, "win32") / "cache"
    return Path.home() / ".cache" / "liveband"


def config_folder(environment: Mapping[str, str] = os.environ, system: str = "") -> Path:
    """Return the folder for settings; it need not exist yet.

    Args:
        environment: Environment variables; ``XDG_CONFIG_HOME`` counts on every system.
        system: As ``sys.platform``; empty for this one.

    Example:
        >>> config_folder({"XDG_CONFIG_HOME": "/home/mia/.config"}).as_posix()
        '/home/mia/.config/liveband'
    """
    named = _named_folder("XDG_CONFIG_HOME", environment)
    if named is not None:
        return named
    system = system or sys.platform
    if system == "darwin":
        return Path.home() / "Library" / "Application Support" / "liveband"
    if system == "win32" and environment.get("APPDATA"):
        return Path(environment["APPDATA"]) / "liveband"
    return Path.home() / ".config" / "liveband"


def data_folder(environment: Mapping[str, str] = os.environ, system: str = "") -> Path:
    """Return the folder for large, lasting data; it need not exist yet.

    Args:
        environment: Environment variables; ``XDG_DATA_HOME`` counts on every system.
        system: As ``sys.platform``; empty for this one.

    Example:
        >>> data_folder({"XDG_DATA_HOME": "/home/mia/.local/share"}).as_posix()
        '/home/mia/.local/share/liveband'
    """
    return _local_folder("XDG_DATA_HOME", "share", environment, system)


def recordings_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for recordings; it need not exist yet.

    Args:
        environment: Environment variables; ``XDG_MUSIC_DIR`` names where music is kept.

    Example:
        >>> recordings_folder({"XDG_MUSIC_DIR": "/home/mia/music"}).as_posix()
        '/home/mia/music/liveband'
    """
    return _named_folder("XDG_MUSIC_DIR", environment) or Path.home() / "Music" / "liveband"


def state_folder(environment: Mapping[str, str] = os.environ, system: str = "") -> Path:
    """Return the folder for reports of crashes; it need not exist yet.

    Args:
        environment: Environment variables; ``XDG_STATE_HOME`` counts on every system.
        system: As ``sys.platform``; empty for this one.

    Example:
        >>> state_folder({"XDG_STATE_HOME": "/home/mia/.local/state"}).as_posix()
        '/home/mia/.local/state/liveband'
    """
    return _local_folder("XDG_STATE_HOME", "state", environment, system)


def _local_folder(
    variable: str, below: str, environment: Mapping[str, str], system: str
) -> Path:
    named = _named_folder(variable, environment)
    if named is not None:
        return named
    if (system or sys.platform) in ("darwin", "win32"):
        return config_folder(environment, system)
    return Path.home() / ".local" / below / "liveband"


def _named_folder(variable: str, environment: Mapping[str, str]) -> Path | None:
    """Return the folder below one that a variable names by an absolute path."""
    named = Path(environment.get(variable, ""))
    return named / "liveband" if named.is_absolute() else None
