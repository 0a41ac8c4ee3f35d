"""Who is signed in, since when, from where: kept in the database, so that it can be listed and ended."""
