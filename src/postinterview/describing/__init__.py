"""Put a rule file into sentences made from the rules: guards, moments, acts, names, keywords, steps."""
