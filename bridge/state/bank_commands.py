"""Commands for banks, the numbered copies of what the band has heard and played."""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bridge.common.errors import ParameterError
from bridge.controls.target import CommandHandler, Reply, done
from bridge.engine.messages import BankAction

__all__ = ["BANKS", "bank_commands", "check_bank"]

BANKS = range(1, 9)
"""Numbers of the banks."""


def bank_commands(
    use: Callable[[BankAction, int], Awaitable[None]],
) -> Mapping[str, CommandHandler]:
    """Return ``bank/store``, ``bank/recall`` and ``bank/clear`` for a player.

    Args:
        use: Carries out an action on a bank.
    """

    async def carry_out(action: BankAction, bank: int) -> Sequence[Reply]:
        check_bank(bank)
        await use(action, bank)
        return [done(f"bank/{action}", bank)]

    return {f"bank/{each}": functools.partial(carry_out, each) for each in BankAction}


def check_bank(bank: int) -> None:
    """Check the number of a bank.

    Raises:
        ParameterError: It is not one of ``BANKS``.
    """
    if bank not in BANKS:
        raise ParameterError(f"there are banks {BANKS[0]} to {BANKS[-1]}, got {bank}")
