"""TOML as the program reads and writes it."""

import json
import tomllib
from collections.abc import Sequence

from bridge.common.errors import ConfigError

__all__ = ["parse_toml", "toml_value"]


def parse_toml(text: str) -> dict[str, object]:
    """Return what a TOML text holds, by key.

    Raises:
        ConfigError: It is not TOML, or nested deeper than can be read; the message tells where.
    """
    try:
        return tomllib.loads(text)
    except ValueError as error:  # also of a number with thousands of digits
        raise ConfigError(f"not TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError("not TOML that can be read: it is nested too deeply") from error


def toml_value(value: object) -> str:
    """Return a text, a number, a bool or a list of them as TOML.

    A text in TOML is one in JSON but for one character; letters stand as they are, for JSON's
    escapes of rarer ones are none of TOML's.

    Example:
        >>> toml_value(["Café", 1.5, True])
        '["Café", 1.5, true]'
    """
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value)
