"""Values and pure functions: no Qt, no models, no files."""
