"""What planners keep in the store: scenarios, runs, milestones, matchings."""
