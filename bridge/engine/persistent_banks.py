"""The banks of an engine, and their files, which outlive it.

Lives in the engine process. What is stored is at hand at once; the file follows from a thread
of its own, so that no disk holds up a hop.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bridge.common.errors import FailureCode, RefusedError
from bridge.engine import bank_files
from bridge.engine.bank_files import StoredBank, bank_path, bank_paths
from bridge.engine.messages import BankAction
from bridge.protocols import Arrays
from bridge.stream.hop_scheduler import HopScheduler

__all__ = ["PersistentBanks"]

logger = logging.getLogger(__name__)


class PersistentBanks:
    """Does what is asked with banks, and keeps files of them.

    Args:
        session: Whose banks.
        folder: Of the files; None where banks are to end with the engine.
    """

    def __init__(self, scheduler: HopScheduler, folder: Path | None) -> None:
        self._scheduler = scheduler
        self._folder = folder
        self._refused: dict[int, RefusedError] = {}
        self._disk = ThreadPoolExecutor(1, "banks")
        if folder is not None:
            self._disk.submit(int)  # its thread must be there before the engine gets priority

    def look(self) -> None:
        """Hold exactly what there are files of; what does not fit is refused when recalled."""
        if self._folder is None:
            return
        self._disk.submit(int).result()  # what is being written counts too
        files = bank_paths(self._folder)
        self._refused.clear()
        for bank in self._scheduler.banks.filled - files.keys():
            self._scheduler.banks.clear(bank)
        for bank in files:
            try:
                self.load(bank)
            except RefusedError as error:
                self._scheduler.banks.clear(bank)
                self._refused[bank] = error
                logger.info("%s", error)

    def load(self, bank: int) -> None:
        """Fill a bank from its file.

        Raises:
            RefusedError: Code 31, another checkpoint made it; code 9, it cannot be read.
        """
        if self._folder is None:
            raise RefusedError(
                f"bank {bank} has no file: this engine keeps none", FailureCode.FILE
            )
        path = bank_path(self._folder, bank)
        arrays = bank_files.read_bank(path, self._scheduler.model.identity)
        try:
            self._scheduler.banks.adopt(bank, arrays)
        except ValueError as error:
            raise RefusedError(f"{path}: {error}", FailureCode.MODEL_STATE) from error
        self._refused.pop(bank, None)

    def use(self, act: BankAction, bank: int) -> None:
        """Keep what was heard, or remember what was kept.

        Raises:
            ConfigError: The bank to recall is empty.
            RefusedError: Code 31, what it holds is another checkpoint's.
        """
        match act:
            case BankAction.STORE:
                self._scheduler.banks.store(bank)
                self._refused.pop(bank, None)
                if self._folder is not None:
                    path, arrays = (
                        bank_path(self._folder, bank),
                        self._scheduler.banks.packed(bank),
                    )
                    self._disk.submit(self._write, path, arrays)
            case BankAction.RECALL:
                if bank in self._refused:
                    raise self._refused[bank]
                self._scheduler.banks.recall(bank)
            case BankAction.CLEAR:
                self._scheduler.banks.clear(bank)
                self._refused.pop(bank, None)
                if self._folder is not None:
                    self._disk.submit(_remove, bank_path(self._folder, bank))

    def close(self) -> None:
        """Wait until the files are written."""
        self._disk.shutdown()

    def _write(self, path: Path, arrays: Arrays) -> None:
        model = self._scheduler.model
        try:
            bank_files.write_bank(path, StoredBank(model.identity, model.name), arrays)
        except RefusedError as error:
            logger.error("a bank lasts only as long as the engine: %s", error)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.error("an emptied bank may come back: %s", error)
