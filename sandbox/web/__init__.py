"""What the emulators have in common as web servers."""
