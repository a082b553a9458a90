"""The console: the only place that knows Textual.

It reads a few settings when it is imported, so they are set before all else.
"""

import os

os.environ.setdefault("ESCDELAY", "25")  # its 100 ms make the escape key feel broken
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")  # else the mouse tells of every pixel of a drag, not of every cell
