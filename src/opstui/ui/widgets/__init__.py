"""Widgets that draw views. They never decide, and never reach the workspace."""
