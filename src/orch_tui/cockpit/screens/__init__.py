"""What a person sees at a time: screens receive the state, draw rows from client.views and send commands."""
