"""xAI's media, over gRPC."""
