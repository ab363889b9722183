"""The directory in a database: HSDS objects as they are, and rows made from them to search in."""
