"""The kit: it serves two or more capabilities and knows none of them."""
