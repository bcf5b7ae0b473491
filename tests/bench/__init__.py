"""The benchmark: ``make bench`` measures requests on growing data, all in one run."""
