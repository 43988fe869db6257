"""What the parts of the bridge, and the engines beside each other, cost on this machine."""
