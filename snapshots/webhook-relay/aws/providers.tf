provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      app         = "webhook-relay"
      environment = "default"
      managed-by  = "isobar"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
