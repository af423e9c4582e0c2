"""The sim API: actions and views of users over HTTP, for the chat page and for tests."""
