"""Pure nouns and rules: no clock, no file, no terminal. Time and identity are passed in."""
