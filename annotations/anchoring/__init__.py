"""The place of a quote in a text: candidates, their evidence, and the decision on the state of the anchor."""
