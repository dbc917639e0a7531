"""What ends a job, as one sentence for the person who submitted it."""


class JobFails(Exception):
    """The job cannot go on."""


class BatchFails(Exception):
    """A mini-batch cannot be read or its result cannot be used."""
