"""One graph, ready to run: the only file that names ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import MissingTool

if TYPE_CHECKING:
    import onnxruntime

__all__ = ["Arrays", "Network"]

Arrays = dict[str, NDArray[np.float32]]
"""Inputs or outputs of a graph, by name."""


class Network:
    """A graph on one thread, whose streams' memory is kept by the caller.

    Args:
        file: Of the graph.

    Raises:
        MissingTool: ONNX Runtime is not installed.
    """

    def __init__(self, file: Path) -> None:
        self._session = _session(file)
        self.nbytes = file.stat().st_size
        """Bytes of its weights, all of which every step reads."""
        self._outputs = [each.name for each in self._session.get_outputs()]
        self._inputs = {each.name: each.shape[1:] for each in self._session.get_inputs()}

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Return every output; the first axis of all arrays goes over the streams."""
        made = self._session.run(None, inputs)
        return dict(zip(self._outputs, made, strict=True))

    def step(self, inputs: Mapping[str, NDArray[Any]], memory: Arrays) -> Arrays:
        """Return every output, with the memory of the streams carried on.

        Args:
            inputs: What comes in at this hop.
            memory: See :meth:`silence`; replaced by what is to be remembered now.
        """
        made = self.run({**inputs, **memory})
        for name in memory:
            memory[name] = made.pop(f"next.{name}")
        return made

    def silence(self, streams: int) -> Arrays:
        """Return the memory of streams that have heard nothing."""
        return {
            name: np.zeros((streams, *shape), np.float32)
            for name, shape in self._inputs.items()
            if f"next.{name}" in self._outputs
        }


def _session(file: Path) -> onnxruntime.InferenceSession:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise MissingTool(
            "this engine needs ONNX Runtime: pip install onnxruntime, "
            "or play with --engine torch"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
