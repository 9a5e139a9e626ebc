"""Google's media: Gemini's models, Imagen, Veo."""
