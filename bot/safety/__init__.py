"""The pure room: danger, questions, plan and urgent words, on the standard library alone."""
