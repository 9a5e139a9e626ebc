"""ElevenLabs' speech, sounds, music, and films of others."""
