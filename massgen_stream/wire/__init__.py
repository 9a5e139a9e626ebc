"""Provider bytes to chunks and back; pure."""
