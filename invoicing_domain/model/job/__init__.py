"""What people decide about the jobs of the house: audited like anything else."""
