"""How fast this bot is beside the ordinary bot of the same packages, measured in one run: ``make bench``."""
