# resources.front (isobar.yaml:17)
resource "aws_apigatewayv2_api" "front" {
  name          = "orders-minimal-front"
  protocol_type = "HTTP"

  tags = {
    isobar-node = "resources.front"
  }
}

resource "aws_apigatewayv2_stage" "front" {
  api_id      = aws_apigatewayv2_api.front.id
  name        = "$default"
  auto_deploy = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.front__access.arn
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
    throttling_rate_limit  = 50
    throttling_burst_limit = 100
  }

  tags = {
    isobar-node = "resources.front"
  }
}

# Requests, without their bodies and without who made them beyond the address.
resource "aws_cloudwatch_log_group" "front__access" {
  name              = "/aws/apigateway/orders-minimal-front"
  retention_in_days = 30

  tags = {
    isobar-node = "resources.front"
  }
}

output "front_url" {
  description = "Address of the API."
  value       = aws_apigatewayv2_api.front.api_endpoint
}

resource "aws_apigatewayv2_authorizer" "front__id_example_com_orders" {
  api_id           = aws_apigatewayv2_api.front.id
  name             = "id_example_com_orders"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://id.example.com/"
    audience = ["orders"]
  }
}

# functions.create: trigger http-post-orders (isobar.yaml:32)
resource "aws_apigatewayv2_route" "create__http_post_orders" {
  api_id             = aws_apigatewayv2_api.front.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.create__http_post_orders.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.front__id_example_com_orders.id
}

resource "aws_apigatewayv2_integration" "create__http_post_orders" {
  api_id                 = aws_apigatewayv2_api.front.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.create.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-post-orders (isobar.yaml:32)
resource "aws_lambda_permission" "create__http_post_orders" {
  statement_id  = "create__http_post_orders"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.create.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.front.execution_arn}/*/POST/orders"
}

# functions.get: trigger http-get-orders-orderid (isobar.yaml:41)
resource "aws_apigatewayv2_route" "get__http_get_orders_orderid" {
  api_id             = aws_apigatewayv2_api.front.id
  route_key          = "GET /orders/{orderId}"
  target             = "integrations/${aws_apigatewayv2_integration.get__http_get_orders_orderid.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.front__id_example_com_orders.id
}

resource "aws_apigatewayv2_integration" "get__http_get_orders_orderid" {
  api_id                 = aws_apigatewayv2_api.front.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.get.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-get-orders-orderid (isobar.yaml:41)
resource "aws_lambda_permission" "get__http_get_orders_orderid" {
  statement_id  = "get__http_get_orders_orderid"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.get.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.front.execution_arn}/*/GET/orders/{orderId}"
}
