"""A network in the ONNX format, run on the processor by onnxruntime, whatever else this machine has."""

import ctypes
import os
from contextlib import suppress

import numpy as np

THREADS = 4  # at most: a picture is small, and the device's own thread goes on beside it
ERRORS_ONLY = 3  # onnxruntime warns of each weight that the old exporter of CenterFace listed as an input


class Network:
    """One network, its inputs and outputs by name. Importing onnxruntime and loading weights happens here."""

    def __init__(self, weights: bytes, answers: tuple[str, ...]) -> None:
        """answers: the outputs that are wanted."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(THREADS, len(os.sched_getaffinity(0)))
        options.log_severity_level = ERRORS_ONLY
        # Kept for the next picture it would be 70 MB that lie idle between two of them.
        options.enable_cpu_mem_arena = False
        # Threads that wait for work would otherwise keep the cores busy, which the engine wants.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._answers = list(answers)

    def run(self, **values: np.ndarray) -> list[np.ndarray]:
        """The answers to float32 inputs."""
        return list(self._session.run(self._answers, values))


def give_memory_back() -> None:
    """What the C library keeps of memory that was freed: 70 MB after loading, as much after a look."""
    with suppress(OSError, AttributeError):  # A C library that keeps nothing has no such function.
        ctypes.CDLL(None).malloc_trim(0)
