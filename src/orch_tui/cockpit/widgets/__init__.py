"""What is drawn: widgets receive rows and say what the person did; they read no files and decide nothing."""
