"""Help for the tests of a host: stories as pytest items."""
