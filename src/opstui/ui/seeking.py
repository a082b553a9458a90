"""Drives a search beside the keys: the first picture at once, the rest in short steps that the next letter ends.

A step is shorter than anybody notices, and between two of them every key that waits is served. The store's own search
runs in a thread, and so does what makes a picture of ten thousand found cards. Counts that still grow are drawn anew
a few times a second and no oftener: each costs bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from opstui.projections.search import Enough, Search
    from opstui.store.protocol import Store

T = TypeVar("T")

FIRST = 0.015
"""Seconds until something is to be seen."""
STEP = 0.004
TELL = 0.3
"""Seconds from one picture of a growing count to the next."""
SPARING = 4
"""Where pictures take long, so many times as long is sought between two of them: else they are all that is done."""


def until(seconds: float) -> Enough:
    """A clock that says so when this long has passed."""
    end = perf_counter() + seconds
    return lambda: perf_counter() >= end


class Seeking(Generic[T]):
    """One search at a time. When there is more to be seen, `view` makes a picture of it in a thread, `show` shows it.

    `spawn` runs what goes on in between.
    """

    def __init__(
        self,
        store: Store,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        view: Callable[[], T],
        show: Callable[[T], None],
    ) -> None:
        """Nothing is sought yet."""
        self._store, self._spawn, self._view, self._show = store, spawn, view, show
        self._search: Search | None = None

    @property
    def busy(self) -> bool:
        """Whether a search is still going on."""
        return self._search is not None

    def begin(self, search: Search | None) -> None:
        """Seek this from now on, and nothing else. What `begin` found can be shown when it returns."""
        self._search = None
        if search is None:
            return
        search.begin(until(FIRST))
        if not search.settled:
            self._search = search
            self._spawn(self._go_on(search))

    async def _go_on(self, search: Search) -> None:
        try:
            if search.words:
                hits = await asyncio.to_thread(self._store.search, search.words)
                search.narrow(hits)
                if not search.settled:
                    await self._picture(search)
            else:
                search.scan()
            pause = until(TELL)
            while self._search is search and not search.settled:
                search.go_on(until(STEP))
                if pause() and not search.settled:
                    begun = perf_counter()
                    await self._picture(search)
                    pause = until(max(TELL, SPARING * (perf_counter() - begun)))
                await asyncio.sleep(0)
            await self._picture(search)
        finally:
            if self._search is search:
                self._search = None

    async def _picture(self, search: Search) -> None:
        """A picture of the state as it is when it is shown."""
        seq = -1
        while self._search is search and seq != self._store.seq:
            seq = self._store.seq
            view = await asyncio.to_thread(self._view)
        if self._search is search:
            self._show(view)
