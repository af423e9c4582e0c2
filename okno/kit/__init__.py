"""What two or more capabilities need; knows none of them."""
