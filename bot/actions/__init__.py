"""Rasa's custom actions, one file per errand; they read the tracker, ask the pure room, choose words."""
