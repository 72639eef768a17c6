"""What stands in the gap behind a token, for phrases.

Words parted only by spaces, quotation marks or hyphens are neighbours; other punctuation parts them; a sentence bound
parts everything. `sentences` finds it.
"""

NEIGHBOURS, PARTED, BOUND = 0, 1, 2
