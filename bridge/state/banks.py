"""Banks: what the player has heard, kept under a number to be remembered later."""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bridge.common.errors import ParameterError
from bridge.controls.parameters import ROOT
from bridge.controls.target import CommandHandler, Reply
from bridge.engine.messages import BankAction

__all__ = ["BANKS", "bank_commands", "check_bank"]

BANKS = range(1, 9)
"""Numbers of the banks."""


def bank_commands(
    use: Callable[[BankAction, int], Awaitable[None]],
) -> Mapping[str, CommandHandler]:
    """Return ``bank/store``, ``bank/recall`` and ``bank/clear`` for a player.

    Args:
        use: Does what is to be done with a bank.
    """

    async def carry_out(act: BankAction, bank: int) -> Sequence[Reply]:
        check_bank(bank)
        await use(act, bank)
        return [("done", (f"{ROOT}/bank/{act}", bank))]

    return {f"bank/{act}": functools.partial(carry_out, act) for act in BankAction}


def check_bank(bank: int) -> None:
    """Refuse the number of a bank that there is not.

    Raises:
        ParameterError: It is none of ``BANKS``.
    """
    if bank not in BANKS:
        raise ParameterError(f"there are banks {BANKS[0]} to {BANKS[-1]}, got {bank}")
