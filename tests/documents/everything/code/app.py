"""What is packed."""
