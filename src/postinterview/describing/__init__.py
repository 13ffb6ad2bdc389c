"""What a rule file says, in sentences made from the rules: guards, moments, acts, names, keywords, steps."""
