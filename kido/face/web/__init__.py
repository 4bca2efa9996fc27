"""The web face: pages that work without a script, drawn by the server, for one person on one machine. `kido serve` starts it."""
