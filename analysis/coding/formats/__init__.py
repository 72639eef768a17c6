"""Dictionary formats of other programs: one module a format, each from text (or bytes) to `entries.Content`."""
