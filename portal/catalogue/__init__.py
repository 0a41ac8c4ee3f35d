"""What is promised, as data: items, offices, halls, norms, national trees, and the checks made before publishing."""
