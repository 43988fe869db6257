"""Exceptions of the networks and their training.

::

    ModelError
    ├── ModelConfigError (ValueError)  a configuration contradicts itself or has an unknown key
    ├── ShapeError (ValueError)        a tensor does not have the shape the contract asks for
    ├─┬ CheckpointError (ValueError)   a checkpoint is missing, damaged or does not fit
    │└─── UnknownCheckpointError       nothing has the name that was given
    ├── DataError (ValueError)         rendered or recorded material is missing or malformed
    ├── OutputError                    what was made cannot be written
    └── MissingTool                    a program or sound library beside Python is missing
"""

__all__ = [
    "CheckpointError",
    "DataError",
    "MissingTool",
    "ModelConfigError",
    "ModelError",
    "OutputError",
    "ShapeError",
    "UnknownCheckpointError",
]


class ModelError(Exception):
    """Root of everything the model packages raise on purpose."""


class ModelConfigError(ModelError, ValueError):
    """A configuration contradicts itself or has an unknown key."""


class ShapeError(ModelError, ValueError):
    """A tensor does not have the shape the contract asks for."""


class CheckpointError(ModelError, ValueError):
    """A checkpoint is missing, damaged, or does not fit what it is used for."""


class UnknownCheckpointError(CheckpointError):
    """No checkpoint has the name that was given, or it does not begin as the name says."""


class DataError(ModelError, ValueError):
    """Rendered or recorded material is missing or malformed."""


class OutputError(ModelError):
    """What was made cannot be written, or not to its end."""


class MissingTool(ModelError):
    """A program or sound library outside Python is not installed; the message says which."""
