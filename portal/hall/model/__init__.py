"""The hall without a database: what a number promises, what it waits for, how many windows a half hour needs. Pure."""
