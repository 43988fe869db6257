"""Arguments of a command, brought to the types it takes."""

from bridge.common.atomic_files import plain_name
from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.codec import Argument
from bridge.osc.commands import Command

__all__ = ["check_arguments"]


def check_arguments(command: Command, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Return the arguments in the types the command takes.

    Numbers for ``i`` may come as any number without a fraction.

    Raises:
        RefusedError: Code 3, too few or too many; code 2, one has the wrong type; code 9, a
            file name is none.
    """
    if command.takes == "[any ...]":
        return arguments
    specs = command.takes.split()
    least = sum(not spec.startswith("[") for spec in specs)
    if not least <= len(arguments) <= len(specs):
        raise RefusedError(
            f"{command.name} takes {command.takes or 'no argument'}, got {len(arguments)}",
            FailureCode.COUNT,
        )
    return tuple(
        _typed(command, spec.strip("[]"), argument)
        for spec, argument in zip(specs, arguments, strict=False)
    )


def _number(text: str) -> Argument:
    """Return the number that a text stands for; the text if it is none.

    Example:
        >>> _number("3"), _number("-6.5"), _number("three")
        (3.0, -6.5, 'three')
    """
    try:
        return float(text)
    except ValueError:
        return text


def _typed(command: Command, spec: str, argument: Argument) -> Argument:
    tags, _, name = spec.partition(":")
    if isinstance(argument, str):
        if "s" in tags:
            return plain_name(argument) if name == "file" else argument
        argument = _number(argument)  # as shells send them
    if "i" in tags and isinstance(argument, int | float) and float(argument).is_integer():
        return int(argument)
    if "f" in tags and isinstance(argument, int | float):
        return float(argument)
    raise RefusedError(
        f"{command.name} takes {command.takes}, got {argument!s:.80}", FailureCode.TYPE
    )
