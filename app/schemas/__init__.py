"""What requests and answers look like: the models that FastAPI documents, and by which requests are checked."""
