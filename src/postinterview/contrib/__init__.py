"""Ready parts for frameworks. Each folder needs the extra of its name."""
