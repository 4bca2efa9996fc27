"""Who is on the other side: party lists, names as people write them, and what a search looked through."""
