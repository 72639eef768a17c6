"""The coding room: what does each article say, word for word? Articles → coded tables, one article at a time."""
