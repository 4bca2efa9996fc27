"""The rule language: one frozen tree over facts, several readers."""
