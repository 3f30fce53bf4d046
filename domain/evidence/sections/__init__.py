"""What a pack holds, section by section."""
