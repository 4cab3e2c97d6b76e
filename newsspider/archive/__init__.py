"""The raw archive: every answer as the server sent it, in WARC files beside the database."""
