"""The processes that train one network together, started by ``torchrun``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

from model.errors import MissingTool

__all__ = ["ALONE", "Processes", "joined_processes"]


@dataclass(frozen=True, slots=True)
class Processes:
    """This process among those that train together."""

    rank: int
    """Number of this process, 0..count - 1; 0 alone writes files."""
    count: int
    """Number of processes."""

    @property
    def first(self) -> bool:
        """Whether this process writes the log, the state and the checkpoint."""
        return self.rank == 0

    @torch.no_grad()
    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Replace every gradient by its mean over all processes.

        Args:
            parameters: The same ones in every process; those without a gradient stay so.
        """
        gradients = [p.grad for p in parameters if p.grad is not None]
        if self.count == 1 or not gradients:
            return
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        dist.all_reduce(flat)
        flat.div_(self.count)
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        shaped = [p.view_as(g) for p, g in zip(parts, gradients, strict=True)]
        torch._foreach_copy_(gradients, shaped)

    @torch.no_grad()
    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace the values of each tensor by their mean over all processes."""
        if self.count > 1:
            for tensor in tensors:
                dist.all_reduce(tensor)
                tensor.div_(self.count)

    @torch.no_grad()
    def share_first(self, tensors: Iterable[Tensor]) -> None:
        """Copy the tensors of process 0 to all others."""
        if self.count > 1:
            for tensor in tensors:
                dist.broadcast(tensor, 0)

    def any(self, flag: bool, device: torch.device) -> bool:
        """Return whether the flag is set in any process; all must call it at the same step."""
        if self.count == 1:
            return flag
        up = torch.tensor(int(flag), device=device)
        dist.all_reduce(up, dist.ReduceOp.MAX)
        return bool(up)


ALONE = Processes(0, 1)
"""A training of one process."""


@contextmanager
def joined_processes(device: str | None) -> Iterator[tuple[Processes, torch.device]]:
    """Join the process group that ``torchrun`` started, if it did, and leave it at the end.

    Args:
        device: ``cpu``, ``cuda``, or None for a GPU where there is one.

    Yields:
        The processes, and the device of this one; with several GPUs in a machine, each
        process takes its own.

    Raises:
        MissingTool: CUDA was asked for and is not available.
    """
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise MissingTool("no CUDA device here; leave --device out to train on the CPU")
    kind = device or ("cuda" if available else "cpu")
    if not dist.is_torchelastic_launched():
        yield ALONE, torch.device(kind)
        return
    gpu = torch.device(kind, int(os.environ["LOCAL_RANK"])) if kind == "cuda" else None
    if gpu is not None:
        torch.cuda.set_device(gpu)
    dist.init_process_group("nccl" if gpu is not None else "gloo")
    try:
        yield Processes(dist.get_rank(), dist.get_world_size()), gpu or torch.device(kind)
    finally:
        dist.destroy_process_group()
