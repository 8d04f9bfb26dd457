"""A network in the ONNX format, run on the processor by onnxruntime, whatever else this machine has."""

import ctypes
from contextlib import suppress

import numpy as np

ERRORS_ONLY = 3  # onnxruntime warns of each weight that the old exporter of CenterFace listed as an input


class Network:
    """One network, its inputs and outputs by name. Importing onnxruntime and loading weights happens here."""

    def __init__(self, weights: bytes, answers: tuple[str, ...]) -> None:
        """answers: the outputs that are wanted."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # The engine wants the other cores; with two of them at a load of 3, two threads took longer.
        options.intra_op_num_threads = 1
        options.log_severity_level = ERRORS_ONLY
        # Kept for the next picture it would be 70 MB that lie idle between two of them.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._answers = list(answers)

    def run(self, **values: np.ndarray) -> list[np.ndarray]:
        """The answers to float32 inputs."""
        return list(self._session.run(self._answers, values))


def give_memory_back() -> None:
    """What the C library keeps of memory that was freed: 70 MB after loading, as much after a look."""
    with suppress(OSError, AttributeError):  # A C library that keeps nothing has no such function.
        ctypes.CDLL(None).malloc_trim(0)
