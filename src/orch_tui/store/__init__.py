"""The state directory: every path, the journal, the lock, the inbox, transcripts and artifacts."""
