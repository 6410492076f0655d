# resources.hooks (isobar.yaml:15)
resource "aws_apigatewayv2_api" "hooks" {
  name          = "webhook-relay-hooks"
  protocol_type = "HTTP"

  tags = {
    isobar-node = "resources.hooks"
  }
}

resource "aws_apigatewayv2_stage" "hooks" {
  api_id      = aws_apigatewayv2_api.hooks.id
  name        = "$default"
  auto_deploy = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.hooks__access.arn
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
    throttling_rate_limit  = 200
    throttling_burst_limit = 400
  }

  tags = {
    isobar-node = "resources.hooks"
  }
}

# Requests, without their bodies and without who made them beyond the address.
resource "aws_cloudwatch_log_group" "hooks__access" {
  name              = "/aws/apigateway/webhook-relay-hooks"
  retention_in_days = 30

  tags = {
    isobar-node = "resources.hooks"
  }
}

output "hooks_url" {
  description = "Address of the API."
  value       = aws_apigatewayv2_api.hooks.api_endpoint
}

# functions.receive: trigger http-post-hooks-source (isobar.yaml:38)
resource "aws_apigatewayv2_route" "receive__http_post_hooks_source" {
  api_id             = aws_apigatewayv2_api.hooks.id
  route_key          = "POST /hooks/{source}"
  target             = "integrations/${aws_apigatewayv2_integration.receive__http_post_hooks_source.id}"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_integration" "receive__http_post_hooks_source" {
  api_id                 = aws_apigatewayv2_api.hooks.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.receive.invoke_arn
  payload_format_version = "2.0"
}

# trigger http-post-hooks-source (isobar.yaml:38)
resource "aws_lambda_permission" "receive__http_post_hooks_source" {
  statement_id  = "receive__http_post_hooks_source"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.receive.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.hooks.execution_arn}/*/POST/hooks/{source}"
}
