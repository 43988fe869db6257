"""Files of the banks: stored states of a model, one file per bank.

A bank is a safetensors file of named arrays, with the model's identity in its metadata, so
reading one runs no code. The folder outlives every engine process, and a saved session holds
a copy of it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import FailureCode, RefusedError
from bridge.common.remembered_files import RememberedFiles
from bridge.protocols import Arrays
from model.formats.names import entries_in

__all__ = [
    "BankSource",
    "adopt_banks",
    "bank_path",
    "bank_paths",
    "copy_banks",
    "modification_times",
    "read_bank",
    "write_bank",
]

_FILE = re.compile(r"bank-([1-8])\.safetensors")
_FORMAT = "liveband bank 1"


@dataclass(frozen=True, slots=True)
class BankSource:
    """Model whose state a file holds."""

    identity: str
    """Identity of its weights."""
    model: str
    """Name of its checkpoint, for error messages."""


def bank_path(folder: Path, bank: int) -> Path:
    """Return the path of a bank."""
    return folder / f"bank-{bank}.safetensors"


def bank_paths(folder: Path) -> Mapping[int, Path]:
    """Return the existing files of banks, by number."""
    found = ((_FILE.fullmatch(path.name), path) for path in entries_in(folder))
    return {int(match[1]): path for match, path in found if match}


def write_bank(path: Path, source: BankSource, arrays: Arrays) -> None:
    """Write a stored state, whole or not at all.

    Raises:
        RefusedError: Code 9, the file cannot be written.
    """
    about = {"format": _FORMAT, "identity": source.identity, "model": source.model}
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    write_user_file(path, save(plain, metadata=about))


def read_bank(path: Path, identity: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a stored state.

    Args:
        path: A file of ``write_bank``.
        identity: Identity of the model that shall use it.

    Raises:
        RefusedError: Code 31, another model's weights made it; code 9, it cannot be read.
    """
    with _opened(path) as file:
        _check_identity(path, file.metadata(), identity)
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a bank of this format; nothing else under that name, such as a pipe, is waited for.

    Raises:
        RefusedError: Code 9, it cannot be read.
    """
    try:
        if not path.is_file():
            raise RefusedError(f"{path} is not a file", FailureCode.FILE)
        with safe_open(path, framework="numpy") as file:
            stated = (file.metadata() or {}).get("format", "none")
            if stated != _FORMAT:
                raise RefusedError(
                    f"{path} is no bank of this version: expected {_FORMAT!r}, got {stated!r}; "
                    f"store it again",
                    FailureCode.FILE,
                )
            yield file
    except (OSError, SafetensorError) as error:
        raise RefusedError(
            f"{path} cannot be read as a bank: {error}", FailureCode.FILE
        ) from error


def adopt_banks(source: Path, target: Path, files: RememberedFiles) -> None:
    """Make the banks of one folder equal those of another that can be read.

    Args:
        source: Folder of a session; what cannot be read in it is set aside.
        target: Folder of a band's banks.
        files: Sets it aside, and notes what could not be copied.
    """
    readable = {}
    for bank, path in bank_paths(source).items():
        try:
            with _opened(path):
                readable[bank] = path
        except RefusedError as error:
            files.set_aside(path, str(error).removeprefix(f"{path} "))
    try:
        _replace_banks(readable, target)
    except RefusedError as error:
        files.note(str(error))


def copy_banks(source: Path, target: Path) -> None:
    """Make the banks of one folder equal those of another.

    Raises:
        RefusedError: Code 9, a file cannot be read, written or removed.
    """
    _replace_banks(bank_paths(source), target)


def _replace_banks(new: Mapping[int, Path], target: Path) -> None:
    old = bank_paths(target)
    try:
        for bank in old.keys() - new.keys():
            old[bank].unlink()
        for path in new.values():
            write_user_file(target / path.name, path.read_bytes())
    except OSError as error:
        raise RefusedError(f"banks: {error}", FailureCode.FILE) from error


def modification_times(folder: Path) -> Mapping[int, int]:
    """Return when each bank's file was written, in ns, to tell whether any bank has changed."""
    found = {}
    for bank, path in bank_paths(folder).items():
        with suppress(FileNotFoundError):  # emptied this moment
            found[bank] = path.stat().st_mtime_ns
    return found


def _check_identity(path: Path, about: Mapping[str, str], identity: str) -> None:
    if about.get("identity") != identity:
        name = about.get("model", "?")
        raise RefusedError(
            f"what {path.stem} holds was heard by checkpoint {name!r}, with other weights than "
            f"those that play; load that one with /liveband/model, or store the bank again",
            FailureCode.MODEL_STATE,
        )
