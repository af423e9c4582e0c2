"""The users' side over HTTP: for the page, for tests in any language, for the curious."""
