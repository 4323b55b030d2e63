"""What people do with a study: begin, check, run, update, review, export."""
