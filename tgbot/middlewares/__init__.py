"""What happens to every update before a window sees it; the order is in `dispatcher.py`."""
