"""Every way to an item, online or at a counter: on trial, live, down or stopped; probed, declared, told to all."""
