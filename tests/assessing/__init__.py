"""Answers from a file: how they are read, what is said of them, and the command that does it."""
