"""Formulas only: no clock, no file, no currency sign, nothing but the standard library.

Every definition is the specification's (section C), and `metric_cases.json` holds them to it. An undefined figure is
None, never 0.
"""
