"""Place of a quote in a text, with proof: candidates, evidence, and the decision on the state of the anchor."""
