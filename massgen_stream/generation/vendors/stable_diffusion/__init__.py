"""Local servers of Stable Diffusion."""
