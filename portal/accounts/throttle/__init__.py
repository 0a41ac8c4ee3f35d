"""How fast somebody may guess: counted in the database, so that it holds for every process."""
