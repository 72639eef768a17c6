"""What the process imports that others are forked from: all of coding, with the compiled loops of one article loaded.

Loading them takes half a second in each process that does so. No thread may be started here: none outlives a fork.
"""

from analysis.coding import together  # noqa: F401 (for those that are forked)
from analysis.coding.partition import code_encoded
from analysis.coding.warm import example

code_encoded(*example())
