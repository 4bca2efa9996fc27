"""Faces: one view, several places to show it. A face decides only where."""
