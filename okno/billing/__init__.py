"""Money: an append-only ledger, holds, prices, payments."""
