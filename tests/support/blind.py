"""The debate and the point of tests of blind annotating."""

DEBATE = "d-2008-06-22c-101-3"
POINT = "participation-online/be-credible"
