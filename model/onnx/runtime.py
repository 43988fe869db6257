"""Session of one ONNX graph; the only module that imports ONNX Runtime.

Its official builds send telemetry: they keep a device id and a database of events in the home
folder and look up the host that collects them. Here that is off, always.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import MissingTool

if TYPE_CHECKING:
    import onnxruntime

__all__ = ["Arrays", "Network", "onnx_runtime"]

_NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"
"""Read once, while ONNX Runtime is imported; its API for this comes too late for the files."""

Arrays = dict[str, NDArray[np.float32]]
"""Inputs or outputs of a graph, by name."""


class Network:
    """A graph that runs on one thread; its caller holds the states of the streams.

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
        """Return every output; the first axis of all arrays is the stream."""
        made = self._session.run(None, inputs)
        return dict(zip(self._outputs, made, strict=True))

    def step(self, inputs: Mapping[str, NDArray[Any]], memory: Arrays) -> Arrays:
        """Return every output, and update the states of the streams.

        Args:
            inputs: Of this hop.
            memory: See :meth:`initial_memory`; overwritten by the states after this hop.
        """
        made = self.run({**inputs, **memory})
        for name in memory:
            memory[name] = made.pop(f"next.{name}")
        return made

    def initial_memory(self, streams: int) -> Arrays:
        """Return the states of streams that have heard nothing, zeros."""
        return {
            name: np.zeros((streams, *shape), np.float32)
            for name, shape in self._inputs.items()
            if f"next.{name}" in self._outputs
        }


def onnx_runtime() -> ModuleType:
    """Import ONNX Runtime with its telemetry off; import it in no other way.

    Raises:
        MissingTool: It is not installed.
    """
    os.environ[_NO_TELEMETRY] = "1"
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise MissingTool(
            "this engine needs ONNX Runtime: pip install onnxruntime, "
            "or play with --engine torch"
        ) from error
    module: ModuleType = onnxruntime
    return module


def _session(file: Path) -> onnxruntime.InferenceSession:
    runtime = onnx_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return runtime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
