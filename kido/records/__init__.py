"""What was asked and answered, in a chain that shows when a row was changed; who may see and approve it."""
