"""The directory of services; for now, the places that numbers are looked up for."""
