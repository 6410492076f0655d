# resources.mesh (isobar.yaml:29)
resource "aws_cloudwatch_event_bus" "mesh" {
  name = "storefront-mesh"

  tags = {
    isobar-node = "resources.mesh"
  }
}

# functions.charge: trigger event-order-placed (functions/payments.yaml:8)
resource "aws_cloudwatch_event_rule" "charge__event_order_placed" {
  name           = "storefront-charge.event-order-placed"
  event_bus_name = aws_cloudwatch_event_bus.mesh.name
  event_pattern = jsonencode({
    "detail-type" = ["order.placed"]
    detail = { data = {
      total = [{
        numeric = [">", 0.0]
      }]
    } }
  })

  tags = {
    isobar-node = "functions.charge"
  }
}

resource "aws_cloudwatch_event_target" "charge__event_order_placed" {
  rule           = aws_cloudwatch_event_rule.charge__event_order_placed.name
  event_bus_name = aws_cloudwatch_event_bus.mesh.name
  arn            = aws_lambda_function.charge.arn
  target_id      = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.job_failures.arn
  }
}

# trigger event-order-placed (functions/payments.yaml:8)
resource "aws_lambda_permission" "charge__event_order_placed" {
  statement_id  = "charge__event_order_placed"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.charge.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.charge__event_order_placed.arn
}
