"""Reading the jobs of the workers: no read model, since facts alone do not lead to it, but read like one."""
