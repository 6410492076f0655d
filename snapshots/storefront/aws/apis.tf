# resources.shop (isobar.yaml:28)
resource "aws_apigatewayv2_api" "shop" {
  name          = "storefront-shop"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins     = ["https://shop.example.com"]
    allow_methods     = ["DELETE", "GET", "PATCH", "POST", "PUT"]
    allow_headers     = ["authorization", "content-type", "idempotency-key"]
    allow_credentials = false
  }

  tags = {
    isobar-node = "resources.shop"
  }
}

resource "aws_apigatewayv2_stage" "shop" {
  api_id      = aws_apigatewayv2_api.shop.id
  name        = "$default"
  auto_deploy = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.shop__access.arn
    format = jsonencode({
      requestId        = "$context.requestId"
      time             = "$context.requestTime"
      route            = "$context.routeKey"
      status           = "$context.status"
      error            = "$context.error.message"
      authorizerError  = "$context.authorizer.error"
      integrationError = "$context.integrationErrorMessage"
      latency          = "$context.responseLatency"
      bytes            = "$context.responseLength"
      sourceIp         = "$context.identity.sourceIp"
    })
  }

  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }

  tags = {
    isobar-node = "resources.shop"
  }
}

# Requests, without their bodies and without who made them beyond the address.
resource "aws_cloudwatch_log_group" "shop__access" {
  name              = "/aws/apigateway/storefront-shop"
  retention_in_days = 30

  tags = {
    isobar-node = "resources.shop"
  }
}

output "shop_url" {
  description = "Address of the API."
  value       = aws_apigatewayv2_api.shop.api_endpoint
}

resource "aws_apigatewayv2_authorizer" "shop__id_example_com_shop" {
  api_id           = aws_apigatewayv2_api.shop.id
  name             = "id_example_com_shop"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://id.example.com/"
    audience = ["shop"]
  }
}

# functions.cart: trigger http-any-carts-cartid (functions/shop.yaml:8)
# Any method but OPTIONS: API Gateway answers the preflight of a browser itself where no route takes it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__get" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "GET /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__head" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "HEAD /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__post" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "POST /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__put" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "PUT /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__patch" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "PATCH /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_route" "cart__http_any_carts_cartid__delete" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "DELETE /carts/{cartId}"
  target             = "integrations/${aws_apigatewayv2_integration.cart__http_any_carts_cartid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_integration" "cart__http_any_carts_cartid" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.cart.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-any-carts-cartid (functions/shop.yaml:8)
resource "aws_lambda_permission" "cart__http_any_carts_cartid" {
  statement_id  = "cart__http_any_carts_cartid"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.cart.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.shop.execution_arn}/*/*/carts/{cartId}"
}

# functions.get-order: trigger http-get-orders-orderid (functions/orders.yaml:19)
resource "aws_apigatewayv2_route" "get_order__http_get_orders_orderid" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "GET /orders/{orderId}"
  target             = "integrations/${aws_apigatewayv2_integration.get_order__http_get_orders_orderid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_integration" "get_order__http_get_orders_orderid" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.get_order.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-get-orders-orderid (functions/orders.yaml:19)
resource "aws_lambda_permission" "get_order__http_get_orders_orderid" {
  statement_id  = "get_order__http_get_orders_orderid"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.get_order.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.shop.execution_arn}/*/GET/orders/{orderId}"
}

# functions.place-order: trigger http-post-orders (functions/orders.yaml:7)
resource "aws_apigatewayv2_route" "place_order__http_post_orders" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.place_order__http_post_orders.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.shop__id_example_com_shop.id
}

resource "aws_apigatewayv2_integration" "place_order__http_post_orders" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_alias.place_order.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-post-orders (functions/orders.yaml:7)
resource "aws_lambda_permission" "place_order__http_post_orders" {
  statement_id  = "place_order__http_post_orders"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.place_order.arn
  qualifier     = aws_lambda_alias.place_order.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.shop.execution_arn}/*/POST/orders"
}
