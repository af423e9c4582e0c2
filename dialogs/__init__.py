"""The windows: they show what services return, and call services on a click."""
