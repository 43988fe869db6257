"""The remote in a browser: its files, and how a browser in the room is let in."""
