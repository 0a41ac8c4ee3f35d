"""What people do about a finding: hear the office, confirm or dismiss, have it put right, look again, publish."""
