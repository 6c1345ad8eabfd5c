"""What is measured: an installation apart from yours, filled with a chain that does not exist."""
