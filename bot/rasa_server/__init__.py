"""What runs inside the Rasa process, in its own Python; nothing of ours outside is imported."""
