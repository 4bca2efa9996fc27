"""The HTTP face: the same verbs as Python and the command line, as OpenAPI 3.1. `kido serve` starts it."""
