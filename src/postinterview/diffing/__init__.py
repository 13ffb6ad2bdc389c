"""Say what a change of rules does: to acts, dates, rules, promises and stories."""
