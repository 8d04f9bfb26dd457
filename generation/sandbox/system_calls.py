"""seccomp: a process may ask the kernel only for what reading needs.

A filter is a small program that the kernel runs before each system call (linux/seccomp.h, linux/filter.h,
https://docs.kernel.org/userspace-api/seccomp_filter.html). What is not in ALLOWED answers "not permitted":
sockets, other programs and processes, their memory, changes to files, and whatever a later kernel adds.
"""

import ctypes
import errno
import os
import platform
from collections.abc import Iterator

from .errors import Broken

libc = ctypes.CDLL(None, use_errno=True)
# The kernel's number of the processor (linux/audit.h), and seccomp's own number there.
PROCESSORS = {"x86_64": (0xC000003E, 317), "aarch64": (0xC00000B7, 277)}
# By name: the number on x86_64 and on aarch64.
ALLOWED = {
    # the answer, and what is open already
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "fcntl": (72, 25),
    # looking at files, of which Landlock says which
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "getdents64": (217, 61),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "getcwd": (79, 17),
    # memory
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    # time, and this process
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrusage": (98, 165),
    "getcpu": (309, 168),
    "exit": (60, 93),
    "exit_group": (231, 94),
    # its threads and signals
    "futex": (202, 98),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    # older names for what is above, which aarch64 never had
    "stat": (4, None),
    "lstat": (6, None),
    "readlink": (89, None),
    "access": (21, None),
    "time": (201, None),
}
OPENAT, CLONE, CLONE3 = (257, 56), (56, 220), (435, 435)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CLONE_THREAD = 0x10000
NUMBER, PROCESSOR, FIRST_ARGUMENT, THIRD_ARGUMENT = 0, 4, 16, 32  # offsets in struct seccomp_data
# BPF: load a word, compare it, test bits of it, answer.
LOAD, IS, HAS_BITS, ANSWER = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
UNKNOWN = 0x00050000 | errno.ENOSYS
SET_MODE_FILTER, GET_ACTION_AVAIL, ALL_THREADS = 1, 2, 1

Step = tuple[int, int, int, int]  # what, steps to skip if so, and if not, with which value


class _Step(ctypes.Structure):
    _fields_ = [
        ("what", ctypes.c_uint16),
        ("if_so", ctypes.c_uint8),
        ("if_not", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step))]


def missing() -> str:
    """What seccomp cannot do on this machine, in a sentence; empty when nothing is missing."""
    processor, refuse = platform.machine(), ctypes.c_uint32(REFUSE & 0xFFFF0000)
    if processor not in PROCESSORS:
        return f"no filter of system calls is written for {processor}, so a reader could open sockets"
    if libc.syscall(PROCESSORS[processor][1], GET_ACTION_AVAIL, 0, ctypes.byref(refuse)):
        return "this kernel filters no system calls (seccomp), so a reader could open sockets"
    return ""


def restrict() -> None:
    """Let all threads of this process make the calls in ALLOWED, open files to read, and start threads.

    "No new privileges" must be set. Raises Broken.
    """
    steps = [_Step(*step) for step in _steps(platform.machine())]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    number = PROCESSORS[platform.machine()][1]
    if libc.syscall(number, SET_MODE_FILTER, ALL_THREADS, ctypes.byref(program)):
        raise Broken(f"seccomp: {os.strerror(ctypes.get_errno())}")


def _steps(processor: str) -> Iterator[Step]:
    which = list(PROCESSORS).index(processor)
    yield (LOAD, 0, 0, PROCESSOR)
    yield (IS, 1, 0, PROCESSORS[processor][0])
    yield (ANSWER, 0, 0, KILL)  # another processor's calls have other numbers
    yield (LOAD, 0, 0, NUMBER)
    for numbers in ALLOWED.values():
        if (number := numbers[which]) is not None:
            yield (IS, 0, 1, number)
            yield (ANSWER, 0, 0, ALLOW)
    yield from _if_bits(OPENAT[which], THIRD_ARGUMENT, WRITING, REFUSE, ALLOW)
    yield from _if_bits(CLONE[which], FIRST_ARGUMENT, CLONE_THREAD, ALLOW, REFUSE)
    yield (IS, 0, 1, CLONE3[which])
    yield (ANSWER, 0, 0, UNKNOWN)  # its flags are out of sight: the C library then asks by `clone`
    yield (ANSWER, 0, 0, REFUSE)


def _if_bits(number: int, argument: int, bits: int, then: int, otherwise: int) -> Iterator[Step]:
    """For one call: `then` if its argument has any of `bits`."""
    yield (IS, 0, 4, number)
    yield (LOAD, 0, 0, argument)
    yield (HAS_BITS, 0, 1, bits)
    yield (ANSWER, 0, 0, then)
    yield (ANSWER, 0, 0, otherwise)
