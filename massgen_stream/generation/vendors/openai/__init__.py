"""OpenAI's media, and what speaks its APIs."""
