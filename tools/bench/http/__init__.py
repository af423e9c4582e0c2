"""`http`: what a question over HTTP costs, beside the same question with nothing between."""
