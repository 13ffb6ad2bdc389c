"""Reports: what a proof or a bound says, in text, as data, as diagnostics and as stories."""
