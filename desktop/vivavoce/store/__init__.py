"""What is kept: the database, the audio files, the question bank."""
