"""Rasa's custom actions, one file per errand.

They read the tracker, ask the pure room and choose words; no rule and no sentence lives here.
"""
