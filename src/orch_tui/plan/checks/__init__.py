"""What a careful reader would point out before approving, beyond what the plan's own words say about order."""
