"""Media of models behind OpenRouter."""
