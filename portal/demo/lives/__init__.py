"""Lives of cases and inquiries: lawful ones, faulty ones, and the golden scenarios."""
