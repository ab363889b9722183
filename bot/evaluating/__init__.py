"""How well Foothold understands, measured on messages that it has not learned from."""
