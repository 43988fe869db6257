"""Exit codes of the command line: 0 done, 1 failed, 2 wrong use, 3 something is missing."""

import logging
import sys
from collections.abc import Callable

from bridge.common.errors import (
    AudioFileError,
    BridgeError,
    ConfigError,
    EnvironmentMissing,
    ParameterError,
)
from model.formats.extras import what_is_missing
from model.formats.system_errors import sentence_of

__all__ = ["FAILED", "exit_code_of"]

logger = logging.getLogger(__name__)

FAILED = 1
_USAGE, _ENVIRONMENT, _INTERRUPTED = 2, 3, 130
_WRONG_USE = (ConfigError, ParameterError, AudioFileError)


def exit_code_of(command: Callable[[], int], program: str = "liveband") -> int:
    """Run a command; print the message of an error instead of a traceback.

    Args:
        command: Returns its exit code.
        program: Begins the message on stderr.

    Returns:
        The command's code; after an error 1 failed, 2 wrong use, 3 something outside the
        program is missing, 130 Ctrl+C.
    """
    try:
        return command()
    except BridgeError as error:
        print(f"{program}: {error}", file=sys.stderr)
        if isinstance(error, _WRONG_USE):
            return _USAGE
        return _ENVIRONMENT if isinstance(error, EnvironmentMissing) else FAILED
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        print(f"{program}: {sentence_of(error)}", file=sys.stderr)
        logger.debug("where it happened", exc_info=error)
        return FAILED
    except ModuleNotFoundError as error:
        if (missing := what_is_missing(error.name, "this command")) is None:
            raise
        print(f"{program}: {missing}", file=sys.stderr)
        return _ENVIRONMENT
    except KeyboardInterrupt:
        return _INTERRUPTED
