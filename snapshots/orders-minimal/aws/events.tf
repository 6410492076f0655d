# resources.bus (isobar.yaml:18)
resource "aws_cloudwatch_event_bus" "bus" {
  name = "orders-minimal-bus"

  tags = {
    isobar-node = "resources.bus"
  }
}

# functions.payment: trigger event-payment-received (isobar.yaml:79)
resource "aws_cloudwatch_event_rule" "payment__event_payment_received" {
  name           = "orders-minimal-payment.event-payment-received"
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  event_pattern = jsonencode({
    "detail-type" = ["payment.received"]
    detail = { data = {
      amount = [{
        numeric = [">", 0.0]
      }]
    } }
  })

  tags = {
    isobar-node = "functions.payment"
  }
}

resource "aws_cloudwatch_event_target" "payment__event_payment_received" {
  rule           = aws_cloudwatch_event_rule.payment__event_payment_received.name
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  arn            = aws_lambda_function.payment.arn
  target_id      = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.failures.arn
  }
}

# trigger event-payment-received (isobar.yaml:79)
resource "aws_lambda_permission" "payment__event_payment_received" {
  statement_id  = "payment__event_payment_received"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.payment.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.payment__event_payment_received.arn
}
