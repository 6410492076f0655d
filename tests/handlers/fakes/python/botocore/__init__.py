"""Stands for what the AWS SDK stands on."""
