"""What a person may ask about the own data: a copy, a correction, erasure; and how long what is kept."""
