"""Run ``python -m postinterview`` as the command ``postinterview``."""

from __future__ import annotations

from postinterview_command import main

if __name__ == "__main__":
    main()
