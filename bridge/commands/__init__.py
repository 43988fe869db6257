"""Commands of the bridge on the command line, one module per verb."""
