"""The demo city: an invented Lizhou, whose staff, citizens and some 300 cases are made by the real operations."""

from portal.demo.loading import load

__all__ = ["load"]
