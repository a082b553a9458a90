"""What opstui writes as Markdown, read back by the tools of others: `make docs-check` (python -m papers)."""
