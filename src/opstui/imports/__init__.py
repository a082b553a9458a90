"""Foreign files in: one module per format, behind one small interface.

A format reads and judges everything before anything is submitted, so a file that is refused leaves the workspace
as it was. The formats themselves (and pydantic, which judges their rows) are imported when one is used.
"""
