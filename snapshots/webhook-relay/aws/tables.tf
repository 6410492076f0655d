# resources.seen (isobar.yaml:25)
resource "aws_dynamodb_table" "seen" {
  name                        = "webhook-relay-seen"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = false

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = false
  }

  tags = {
    isobar-node = "resources.seen"
  }
}
