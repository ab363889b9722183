"""Ways of taking a plan away."""
