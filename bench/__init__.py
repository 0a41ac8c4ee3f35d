"""Benchmarks: each module measures one part beside its peers and says what was promised; run `python -m bench`."""
