"""Charts drawn with blocks: a panel of numbers becomes lines of text, each word with a theme token."""
