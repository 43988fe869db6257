"""Sessions of the New Session Manager (NSM): client, saved state, switching."""
