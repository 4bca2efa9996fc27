"""The desk as tools of the Model Context Protocol: read-only, small typed answers that say what was not searched."""
