"""Assessing answers from a file: what it says, what is wrong with it, and what follows from it."""
