"""A server that speaks the vendors' wires."""
