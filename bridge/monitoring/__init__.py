"""Who notices what goes wrong, and where it is written down."""
