# resources.signing-key (isobar.yaml:26)
# Its value is set outside of Terraform, so that it never stands in a state file.
resource "aws_secretsmanager_secret" "signing_key" {
  name                    = "webhook-relay/signing-key"
  recovery_window_in_days = 0

  tags = {
    isobar-node = "resources.signing-key"
  }
}

output "signing_key_secret" {
  description = "ARN of the secret; its value is set with aws secretsmanager put-secret-value."
  value       = aws_secretsmanager_secret.signing_key.arn
}
