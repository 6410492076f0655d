# resources.relay (isobar.yaml:16)
resource "aws_cloudwatch_event_bus" "relay" {
  name = "webhook-relay-relay"

  tags = {
    isobar-node = "resources.relay"
  }
}

# functions.to-billing: trigger event-hook-received (isobar.yaml:47)
resource "aws_cloudwatch_event_rule" "to_billing__event_hook_received" {
  name           = "webhook-relay-to-billing.event-hook-received"
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  event_pattern = jsonencode({
    "detail-type" = ["hook.received"]
    detail = { data = {
      kind = [{
        prefix = "invoice."
      }]
    } }
  })

  tags = {
    isobar-node = "functions.to-billing"
  }
}

resource "aws_cloudwatch_event_target" "to_billing__event_hook_received" {
  rule           = aws_cloudwatch_event_rule.to_billing__event_hook_received.name
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  arn            = aws_lambda_function.to_billing.arn
  target_id      = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.relay_failed.arn
  }
}

# trigger event-hook-received (isobar.yaml:47)
resource "aws_lambda_permission" "to_billing__event_hook_received" {
  statement_id  = "to_billing__event_hook_received"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.to_billing.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.to_billing__event_hook_received.arn
}

# functions.to-desk: trigger event-hook-received (isobar.yaml:65)
resource "aws_cloudwatch_event_rule" "to_desk__event_hook_received" {
  name           = "webhook-relay-to-desk.event-hook-received"
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  event_pattern = jsonencode({
    "detail-type" = ["hook.received"]
    detail = { data = {
      amount = [{
        numeric = [">=", 1000000.0]
      }]
    } }
  })

  tags = {
    isobar-node = "functions.to-desk"
  }
}

resource "aws_cloudwatch_event_target" "to_desk__event_hook_received" {
  rule           = aws_cloudwatch_event_rule.to_desk__event_hook_received.name
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  arn            = aws_lambda_function.to_desk.arn
  target_id      = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.relay_failed.arn
  }
}

# trigger event-hook-received (isobar.yaml:65)
resource "aws_lambda_permission" "to_desk__event_hook_received" {
  statement_id  = "to_desk__event_hook_received"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.to_desk.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.to_desk__event_hook_received.arn
}

# functions.to-shipping: trigger event-hook-received (isobar.yaml:56)
resource "aws_cloudwatch_event_rule" "to_shipping__event_hook_received" {
  name           = "webhook-relay-to-shipping.event-hook-received"
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  event_pattern = jsonencode({
    "detail-type" = ["hook.received"]
    detail = { data = {
      kind = ["parcel.sent", "parcel.lost"]
    } }
  })

  tags = {
    isobar-node = "functions.to-shipping"
  }
}

resource "aws_cloudwatch_event_target" "to_shipping__event_hook_received" {
  rule           = aws_cloudwatch_event_rule.to_shipping__event_hook_received.name
  event_bus_name = aws_cloudwatch_event_bus.relay.name
  arn            = aws_lambda_function.to_shipping.arn
  target_id      = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.relay_failed.arn
  }
}

# trigger event-hook-received (isobar.yaml:56)
resource "aws_lambda_permission" "to_shipping__event_hook_received" {
  statement_id  = "to_shipping__event_hook_received"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.to_shipping.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.to_shipping__event_hook_received.arn
}
