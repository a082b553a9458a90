"""What the kernel says of a process: the time it had on a processor, and the memory that is its alone.

psutil counts processor time in ticks of 10 ms, of which an idle session uses a few a minute; the scheduler's own
account is in nanoseconds. Linux only, like the terminal.
"""

from __future__ import annotations

from pathlib import Path


def cpu_ms(pid: int) -> float:
    """Milliseconds on a processor so far, of all threads that are still there."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e6


def anonymous_mb(pid: int | str = "self") -> float:
    """MB that nobody shares: pages of files (a mapped snapshot) are not counted, and the page cache is everybody's."""
    return _rollup(pid, "Anonymous")


def pss_mb(pid: int | str) -> float:
    """MB in memory, what is shared by share."""
    return _rollup(pid, "Pss")


def _rollup(pid: int | str, field: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024 / 1e6
