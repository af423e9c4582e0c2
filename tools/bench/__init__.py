"""`make bench`: measures times, CPU and memory of Okno on this machine, with real servers."""
