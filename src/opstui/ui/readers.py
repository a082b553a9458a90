"""Threads that nobody waits for when the console is left: what they work out is only looked at.

The threads of asyncio are waited for, at its end and at Python's: `q` would hold the terminal for as long as the
numbers of a large workspace take.

Python hands itself from one thread to another every five milliseconds; a key that comes while numbers are computed
would wait that long for each of its steps. While anything is read it does so every millisecond.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


SWITCH = 0.001
"""Seconds a reader may go on when somebody else has something to do."""


class Readers(Executor):
    """A thread for each piece of work; it ends with the work, or with the program."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin it at once."""
        sys.setswitchinterval(SWITCH)
        future: Future[T] = Future()
        Thread(target=_work, args=(future, fn, args, kwargs), name="reader", daemon=True).start()
        return future


MANY = 20_000
"""New things after which looking through them takes longer than a key should wait."""


@contextmanager
def unswept() -> Iterator[None]:
    """Read much that is kept: the garbage collector, which stops all threads, does not look through it again and again.

    Of what was read nothing will be garbage that only it can find, so it need not look at it later either.
    """
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY:
            gc.freeze()
        if swept:
            gc.enable()


def _work(future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as wrong:  # noqa: BLE001 - it is told to whoever asked
            future.set_exception(wrong)


READERS = Readers()
