"""Number series: where each stands."""
