"""The pure middle: mix hops in, stem hops out, and which of them is due where."""
