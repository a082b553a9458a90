"""Projections: frozen views computed from state or events. Pure: no clock, no file, no terminal."""
