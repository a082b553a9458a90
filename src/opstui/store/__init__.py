"""The TinyDB store: all state is TinyDB tables; a journal under them loses nothing."""
