"""Parts of the local engine: scenes that follow from words, drawn, filmed and played; no model, no key."""
