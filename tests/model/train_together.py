"""Work of each of several processes in the tests of training together; run by torchrun.

Usage: ``torchrun ... -m tests.model.train_together LATENTS OUT``
"""

import hashlib
import json
import sys
from pathlib import Path

import torch

from model.training.liveband import train_liveband
from model.training.processes import joined_processes
from model.training.settings import LiveBandTraining
from model.training.trainer import TrainingRun
from tests.model.tiny import DISCRIMINATOR, GENERATOR, HOPS, tiny_codec


def main(latents: Path, out: Path) -> None:
    torch.set_num_threads(1)
    settings = LiveBandTraining(
        steps=5, batch=2, hops=HOPS, context_share=0.4, probe_stretches=10, probe_steps=3
    )
    with joined_processes("cpu") as (processes, device):
        weight = torch.zeros(3, requires_grad=True)
        unused = torch.zeros(2, requires_grad=True)
        weight.grad = torch.full((3,), 1.0 + processes.rank)
        processes.average_gradients([weight, unused])
        shared = torch.full((2,), float(processes.rank))
        processes.share_first([shared])
        flags = [processes.any(processes.rank == 1, device), processes.any(False, device)]
        torch.manual_seed(processes.rank)
        run = TrainingRun(folder=out / "run", device=device, processes=processes)
        generator, _, progress = train_liveband(
            latents, tiny_codec(), GENERATOR, DISCRIMINATOR, settings, run
        )
    flat = torch.cat([value.flatten() for value in generator.state_dict().values()])
    figures = {
        "count": processes.count,
        "gradient": weight.grad.tolist(),
        "unused": unused.grad is None,
        "shared": shared.tolist(),
        "flags": flags,
        "step": progress.step,
        "weights": hashlib.sha256(flat.numpy().tobytes()).hexdigest(),
    }
    (out / f"{processes.rank}.json").write_text(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
