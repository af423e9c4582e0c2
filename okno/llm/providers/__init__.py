"""The providers: each of them passes the contract test of the port."""
