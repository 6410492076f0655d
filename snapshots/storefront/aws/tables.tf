# resources.carts (isobar.yaml:31)
resource "aws_dynamodb_table" "carts" {
  name                        = "storefront-carts"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "cartId"
  deletion_protection_enabled = false

  attribute {
    name = "cartId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = false
  }

  tags = {
    isobar-node = "resources.carts"
  }
}

# resources.orders (isobar.yaml:30)
resource "aws_dynamodb_table" "orders" {
  name                        = "storefront-orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "orderId"
  range_key                   = "line"
  deletion_protection_enabled = false

  attribute {
    name = "customerId"
    type = "S"
  }

  attribute {
    name = "line"
    type = "N"
  }

  attribute {
    name = "orderId"
    type = "S"
  }

  global_secondary_index {
    name            = "by-customer"
    projection_type = "ALL"

    key_schema {
      attribute_name = "customerId"
      key_type       = "HASH"
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  tags = {
    isobar-node = "resources.orders"
  }
}

# resources.seen (isobar.yaml:32)
resource "aws_dynamodb_table" "seen" {
  name                        = "storefront-seen"
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
