"""What runs inside the Rasa process, in its own Python; it imports nothing of ours outside this room."""
