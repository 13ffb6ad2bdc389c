"""``python -m postinterview`` is the command ``postinterview``."""

from __future__ import annotations

from postinterview.cli import main

if __name__ == "__main__":
    main()
