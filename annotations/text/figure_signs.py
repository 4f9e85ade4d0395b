"""The signs of figures, as sets of characters for patterns: they carry meaning, and are never typography."""

CURRENCY = "£$€¥¢\u20a0-\u20cf"
COMPARED = "<>≤≥≈~≠±∓√"  # before a figure
ENDING = "%‰‱°′″"  # behind a figure
OPERATING = "=+/×÷"  # between two figures
VULGAR = "¼-¾⅐-⅞"  # fractions in one character
NARROW = "\xa0\u2007-\u200a\u202f"  # spaces that may part a sign from its figure
RAISED = "⁺⁻⁰¹²³⁴-⁹"  # figures and signs of powers, and the numbers of notes
