"""Files for people and programs outside: Markdown, CSV, JSON and plain text."""
