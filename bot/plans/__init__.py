"""The ways in which a plan is taken away: text, PDF, calendar, card, sealed under a code."""
