# resources.orders (isobar.yaml:19)
resource "aws_dynamodb_table" "orders" {
  name                        = "orders-minimal-orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "orderId"
  deletion_protection_enabled = false

  attribute {
    name = "orderId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  tags = {
    isobar-node = "resources.orders"
  }
}
