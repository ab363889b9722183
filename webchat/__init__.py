"""The web: the public chat for visitors, the private console for advocates."""
