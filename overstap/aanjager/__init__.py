"""The aanjager: schools with percentages. No models."""
