"""The laws of streaming modules, checked by one function for every such module."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from model.layers.streaming import Streaming, StreamState

__all__ = ["check_stream_contract"]

Prepare = Callable[[StreamState], None]


def check_stream_contract(
    module: Streaming[StreamState],
    channels: int,
    *,
    hops: int,
    seed: int = 0,
    tolerance: float = 1e-9,
    prepare: Prepare | None = None,
    dtype: torch.dtype = torch.float64,
) -> None:
    """Prove that a module streams: whole equals stepwise, nothing leaks, nothing grows.

    1. Any cut into multiples of the hop gives the output of the whole.
    2. Input after t does not change output up to t.
    3. Two streams stepped in turn do not meet.
    4. Rows of a batch do not meet.
    5. The state never grows, and law 1 holds after every ring has wrapped (choose ``hops``
       beyond layers times window).
    6. A cloned state continues bit for bit.
    7. A fresh state equals the first one: nothing is kept in the module.
    8. The declared latency is the measured one, and no output step is ever missing.

    Args:
        module: The module; it is used in ``dtype``.
        channels: Channels of its input.
        hops: Length of the test, in hops.
        seed: Seed of the input and of the cuts.
        tolerance: Largest difference allowed between whole and stepwise.
        prepare: Called with every new state, e.g. to condition it.
        dtype: Precision of the test.

    Raises:
        AssertionError: A law is broken; the message says which and by how much.
    """
    module = module.to(dtype).eval()
    random = torch.Generator().manual_seed(seed)
    x_BTC = torch.randn(2, hops * module.hop, channels, generator=random, dtype=dtype)

    def fresh(batch: int = 2) -> StreamState:
        state = module.init_state(batch)
        if prepare is not None:
            prepare(state)
        return state

    with torch.no_grad():
        whole = module.step(x_BTC, fresh())
        per_hop = whole.shape[1] // hops
        _require(whole.shape[1] == per_hop * hops, 8, f"{tuple(whole.shape)} from {hops} hops")
        _cuts(module, x_BTC, whole, fresh, random, tolerance)
        _no_future(module, x_BTC, whole, fresh, per_hop, random)
        _no_meeting(module, x_BTC, whole, fresh, tolerance)
        _clone_continues(module, x_BTC, fresh)


def _cuts(
    module: Streaming[StreamState],
    x_BTC: Tensor,
    whole: Tensor,
    fresh: Callable[[], StreamState],
    random: torch.Generator,
    tolerance: float,
) -> None:
    hop = module.hop
    for longest in (1, 3, 17):
        state, parts, at = fresh(), [], 0
        size = None
        while at < x_BTC.shape[1]:
            count = int(torch.randint(1, longest + 1, (1,), generator=random))
            parts.append(module.step(x_BTC[:, at : at + count * hop], state))
            at += count * hop
            size = size or state.nbytes
            _require(state.nbytes == size, 5, f"state grew from {size} to {state.nbytes} bytes")
        error = (torch.cat(parts, dim=1) - whole).abs().max().item()
        _require(error <= tolerance, 1, f"steps of up to {longest} hops differ by {error:.2e}")
    again = module.step(x_BTC, fresh())
    _require(torch.equal(again, whole), 7, "a fresh state gave another output")


def _no_future(
    module: Streaming[StreamState],
    x_BTC: Tensor,
    whole: Tensor,
    fresh: Callable[[], StreamState],
    per_hop: int,
    random: torch.Generator,
) -> None:
    hops = x_BTC.shape[1] // module.hop
    for at in (1, hops // 2, hops - 1):
        changed = x_BTC.clone()
        tail = changed[:, at * module.hop :]
        tail += torch.randn(tail.shape, generator=random, dtype=tail.dtype)
        seen = module.step(changed, fresh())
        same = torch.equal(seen[:, : at * per_hop], whole[:, : at * per_hop])
        _require(same, 2, f"input from hop {at} on changed the output before it")
        moved = (seen != whole).any(-1).any(0).nonzero()
        _require(len(moved) > 0, 2, f"input from hop {at} on changed nothing at all")
        latency = int(moved[0]) - at * per_hop
        _require(
            latency == module.latency, 8, f"latency {latency}, declared is {module.latency}"
        )


def _no_meeting(
    module: Streaming[StreamState],
    x_BTC: Tensor,
    whole: Tensor,
    fresh: Callable[..., StreamState],
    tolerance: float,
) -> None:
    hop = module.hop
    states = [fresh(1), fresh(1)]
    parts: list[list[Tensor]] = [[], []]
    for at in range(0, x_BTC.shape[1], hop):
        for row, state in enumerate(states):
            parts[row].append(module.step(x_BTC[row : row + 1, at : at + hop], state))
    for row in range(2):
        error = (torch.cat(parts[row], dim=1) - whole[row : row + 1]).abs().max().item()
        _require(error <= tolerance, 3, f"stream {row} differs by {error:.2e} beside another")
    other = x_BTC.clone()
    other[1] += 1
    seen = module.step(other, fresh())
    _require(torch.equal(seen[0], whole[0]), 4, "row 1 of the batch changed row 0")


def _clone_continues(
    module: Streaming[StreamState], x_BTC: Tensor, fresh: Callable[[], StreamState]
) -> None:
    middle = x_BTC.shape[1] // module.hop // 2 * module.hop
    state = fresh()
    module.step(x_BTC[:, :middle], state)
    copy = state.clone()
    one = module.step(x_BTC[:, middle:], state)
    two = module.step(x_BTC[:, middle:], copy)
    _require(torch.equal(one, two), 6, "a cloned state went another way")


def _require(holds: bool, law: int, found: str) -> None:
    if not holds:
        raise AssertionError(f"streaming law {law} broken: {found}")
