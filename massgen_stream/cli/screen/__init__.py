"""Parts of the renderer: where text goes, how lines of each kind look, and progress bars."""
