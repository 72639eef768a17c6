"""What was published: any source file → the articles, what was cut from their pages, and what could not be read."""
