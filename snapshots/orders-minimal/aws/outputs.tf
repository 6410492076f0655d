output "deployment" {
  description = "What is deployed where."
  value = {
    app         = "orders-minimal"
    environment = "default"
    region      = "eu-central-1"
    account     = data.aws_caller_identity.current.account_id
  }
}
