"""What is in force: acts as files, read strictly; events; the timeline; two clocks."""
