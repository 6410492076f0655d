# resources.pay-key (isobar.yaml:38)
# Its value is set outside of Terraform, so that it never stands in a state file.
resource "aws_secretsmanager_secret" "pay_key" {
  name                    = "storefront/pay-key"
  recovery_window_in_days = 0

  tags = {
    isobar-node = "resources.pay-key"
  }
}

output "pay_key_secret" {
  description = "ARN of the secret; its value is set with aws secretsmanager put-secret-value."
  value       = aws_secretsmanager_secret.pay_key.arn
}
