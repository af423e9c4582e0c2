"""The services that answer: each passes the contract test of the port."""
