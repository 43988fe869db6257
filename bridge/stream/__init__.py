"""Pure streaming: mix hops in, stem hops out, with their positions on the hop grid."""
