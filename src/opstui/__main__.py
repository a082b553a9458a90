"""`python -m opstui`."""

from opstui.cli import main

if __name__ == "__main__":
    main()
