"""Threads that nobody waits for when the console is left: what they work out is only looked at.

The threads of asyncio are waited for, at its end and at Python's: `q` would hold the terminal for as long as the
numbers of a large workspace take.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Readers(Executor):
    """A thread for each piece of work; it ends with the work, or with the program."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin it at once."""
        future: Future[T] = Future()
        Thread(target=_work, args=(future, fn, args, kwargs), name="reader", daemon=True).start()
        return future


def _work(future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as wrong:  # noqa: BLE001 - it is told to whoever asked
            future.set_exception(wrong)


READERS = Readers()
