"""Makes the network with which Foothold reads messages, from multilingual-e5-small and data/."""
