"""The TinyDB store: all state is TinyDB tables; a journal under them loses nothing."""

from opstui.store.file import FileStore, create_store, open_store
from opstui.store.memory import MemoryStore

__all__ = ["FileStore", "MemoryStore", "create_store", "open_store"]
