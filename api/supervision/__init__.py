"""Several processes of the API on one machine, and the one that watches over them."""
