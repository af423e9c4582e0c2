"""The balance, the statement and the packages to buy."""
