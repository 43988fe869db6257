"""Everything the bridge can refuse to do, and why.

::

    BridgeError
    ├── ConfigError (ValueError)       a setting is outside what the bridge can do
    ├── ParameterError (ValueError)    a control was given a value it does not take
    ├─┬ EnvironmentMissing             JACK, a sound device or a library is not there
    │└─── ServerMissing                no JACK server answers, but one may at any time
    ├── EngineError                    the engine process could not start or died
    ├── RefusedError                   a running bridge could not do what it was told
    └── AudioFileError (ValueError)    a sound file cannot be read or has the wrong form
"""

__all__ = [
    "AudioFileError",
    "BridgeError",
    "ConfigError",
    "EngineError",
    "EnvironmentMissing",
    "ParameterError",
    "RefusedError",
    "ServerMissing",
]


class BridgeError(Exception):
    """Root of everything the bridge raises on purpose."""


class ConfigError(BridgeError, ValueError):
    """A setting is outside what the bridge can do."""


class ParameterError(BridgeError, ValueError):
    """A control was given a value it does not take.

    Args:
        message: What was expected, what came, what to do.
        code: OSC failure code (see ``docs/osc.md``), e.g. 2 type, 3 count, 5 not a choice.
    """

    def __init__(self, message: str, code: int = 5) -> None:
        super().__init__(message)
        self.code = code


class EnvironmentMissing(BridgeError):
    """Something outside the program is missing; the message says how to get it."""


class ServerMissing(EnvironmentMissing):
    """No JACK server of that name answers now; it may be started at any time."""


class EngineError(BridgeError):
    """The engine process could not start, refused a command or died."""


class RefusedError(BridgeError):
    """A running bridge could not do what it was told.

    Args:
        message: What was asked, why it cannot be, what to do.
        code: OSC failure code (see ``docs/osc.md``), e.g. 7 unavailable, 20 JACK refused.
    """

    def __init__(self, message: str, code: int = 7) -> None:
        super().__init__(message)
        self.code = code


class AudioFileError(BridgeError, ValueError):
    """A sound file cannot be read or does not have the form asked for."""
