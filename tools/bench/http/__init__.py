"""`http`: measures a question over HTTP, and the same question through simpler programs."""
