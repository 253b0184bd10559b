"""`make bench`: each row of the table measures our way against the best that the same machine can do, in one run."""
