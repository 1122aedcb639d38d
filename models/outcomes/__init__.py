"""What a scenario is judged by."""
