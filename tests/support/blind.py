"""What is annotated blind in tests."""

DEBATE = "d-2008-06-22c-101-3"
POINT = "participation-online/be-credible"
