"""Plain values and words that know nothing of rules: names, moments, frozen collections, errors."""
