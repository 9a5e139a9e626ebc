"""One async generator of typed chunks for every model."""
