"""What a test, a script or the chat page arranges and looks at, over HTTP."""
