"""`foothold bench`: measures what ARCHITECTURE.md, section 6, promises, on a whole Foothold."""
