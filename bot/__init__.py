"""The assistant: rules, words, actions, the door, and what runs them."""
