"""opstui: the console a growing business keeps open all day.

The version is written here and nowhere else: reading it from the installed metadata costs 15 ms at every start.
"""

__version__ = "0.1.0"
