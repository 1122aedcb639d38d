"""The commands of Tandem, a file for each task, with its arguments and what it prints."""
