"""Banks of an engine together with their files, which outlive it.

It runs in the engine process. A stored state is available at once; its file is written by a
background thread, so that no disk delays a hop.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bridge.common.errors import FailureCode, RefusedError
from bridge.engine import bank_files
from bridge.engine.bank_files import BankSource, bank_path, bank_paths
from bridge.engine.messages import BankAction
from bridge.protocols import Arrays
from bridge.stream.hop_scheduler import HopScheduler

__all__ = ["PersistentBanks"]

logger = logging.getLogger(__name__)


class PersistentBanks:
    """Stores, recalls and clears banks, and keeps files of them.

    Args:
        scheduler: Owner of the banks.
        folder: Folder of the files; None where banks end with the engine.
    """

    def __init__(self, scheduler: HopScheduler, folder: Path | None) -> None:
        self._scheduler = scheduler
        self._folder = folder
        self._unusable: dict[int, RefusedError] = {}
        self._writer = ThreadPoolExecutor(1, "banks")
        if folder is not None:
            self._writer.submit(int)  # starts its thread, before the engine gets priority

    def load_all(self) -> None:
        """Make the banks agree with the files; an unusable file is reported when recalled."""
        if self._folder is None:
            return
        self._writer.submit(int).result()  # waits for the files being written
        files = bank_paths(self._folder)
        self._unusable.clear()
        for bank in self._scheduler.banks.filled - files.keys():
            self._scheduler.banks.clear(bank)
        for bank in files:
            try:
                self.load(bank)
            except RefusedError as error:
                self._scheduler.banks.clear(bank)
                self._unusable[bank] = error
                logger.info("%s", error)

    def load(self, bank: int) -> None:
        """Load a bank from its file.

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
        self._unusable.pop(bank, None)

    def use(self, action: BankAction, bank: int) -> None:
        """Store the present state in a bank, recall one, or clear it.

        Raises:
            ConfigError: The bank to recall is empty.
            RefusedError: Code 31, another checkpoint made the bank to recall.
        """
        match action:
            case BankAction.STORE:
                self._scheduler.banks.store(bank)
                self._unusable.pop(bank, None)
                if self._folder is not None:
                    arrays = self._scheduler.banks.packed(bank)
                    self._writer.submit(self._write, bank_path(self._folder, bank), arrays)
            case BankAction.RECALL:
                if bank in self._unusable:
                    raise self._unusable[bank]
                self._scheduler.banks.recall(bank)
            case BankAction.CLEAR:
                self._scheduler.banks.clear(bank)
                self._unusable.pop(bank, None)
                if self._folder is not None:
                    self._writer.submit(_remove, bank_path(self._folder, bank))

    def close(self) -> None:
        """Wait until the files are written."""
        self._writer.shutdown()

    def _write(self, path: Path, arrays: Arrays) -> None:
        model = self._scheduler.model
        try:
            bank_files.write_bank(path, BankSource(model.identity, model.name), arrays)
        except RefusedError as error:
            logger.error("a bank lasts only as long as the engine: %s", error)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.error("an emptied bank may come back: %s", error)
