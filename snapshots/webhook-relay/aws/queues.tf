# resources.billing (isobar.yaml:18)
resource "aws_sqs_queue" "billing" {
  name                        = "webhook-relay-billing.fifo"
  fifo_queue                  = true
  content_based_deduplication = false
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"
  message_retention_seconds   = 345600
  visibility_timeout_seconds  = 180
  receive_wait_time_seconds   = 20
  sqs_managed_sse_enabled     = true

  tags = {
    isobar-node = "resources.billing"
  }
}

resource "aws_sqs_queue_policy" "billing" {
  queue_url = aws_sqs_queue.billing.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.billing.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# A resource of its own: a plan keeps what was an attribute of the queue when it is left out.
resource "aws_sqs_queue_redrive_policy" "billing" {
  queue_url = aws_sqs_queue.billing.url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.billing_failed.arn
    maxReceiveCount     = 5
  })

  # SQS refuses a dead letter that does not take from this queue.
  depends_on = [aws_sqs_queue_redrive_allow_policy.billing_failed]
}

resource "aws_cloudwatch_metric_alarm" "billing_age" {
  alarm_name          = "webhook-relay/billing-age"
  alarm_description   = "The oldest message has waited for ten visibility timeouts: nobody takes it, or it keeps failing."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.billing.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = max(600, 10 * 180)
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "resources.billing"
  }
}

# resources.billing-failed (isobar.yaml:19)
resource "aws_sqs_queue" "billing_failed" {
  name                        = "webhook-relay-billing-failed.fifo"
  fifo_queue                  = true
  content_based_deduplication = false
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"
  message_retention_seconds   = 1209600
  visibility_timeout_seconds  = 30
  receive_wait_time_seconds   = 20
  sqs_managed_sse_enabled     = true

  tags = {
    isobar-node = "resources.billing-failed"
  }
}

resource "aws_sqs_queue_policy" "billing_failed" {
  queue_url = aws_sqs_queue.billing_failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.billing_failed.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# Only these queues may set messages aside here.
resource "aws_sqs_queue_redrive_allow_policy" "billing_failed" {
  queue_url = aws_sqs_queue.billing_failed.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns = [
      aws_sqs_queue.billing.arn,
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "billing_failed_depth" {
  alarm_name          = "webhook-relay/billing-failed-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.billing_failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "resources.billing-failed"
  }
}

# resources.relay-failed (isobar.yaml:22)
resource "aws_sqs_queue" "relay_failed" {
  name                       = "webhook-relay-relay-failed"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.relay-failed"
  }
}

resource "aws_sqs_queue_policy" "relay_failed" {
  queue_url = aws_sqs_queue.relay_failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # dead letter of trigger event-hook-received (isobar.yaml:47)
      # dead letter of trigger event-hook-received (isobar.yaml:65)
      # dead letter of trigger event-hook-received (isobar.yaml:56)
      {
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["sqs:SendMessage"]
        Resource  = [aws_sqs_queue.relay_failed.arn]
        Condition = {
          "ArnEquals" = { "aws:SourceArn" = [
            aws_cloudwatch_event_rule.to_billing__event_hook_received.arn,
            aws_cloudwatch_event_rule.to_desk__event_hook_received.arn,
            aws_cloudwatch_event_rule.to_shipping__event_hook_received.arn,
          ] }
        }
      },
      # dead letter of trigger topic-large (isobar.yaml:93)
      {
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = ["sqs:SendMessage"]
        Resource  = [aws_sqs_queue.relay_failed.arn]
        Condition = {
          "ArnEquals" = { "aws:SourceArn" = [aws_sns_topic.large.arn] }
        }
      },
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.relay_failed.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "relay_failed_depth" {
  alarm_name          = "webhook-relay/relay-failed-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.relay_failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "resources.relay-failed"
  }
}

# resources.shipping (isobar.yaml:20)
resource "aws_sqs_queue" "shipping" {
  name                       = "webhook-relay-shipping"
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 180
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.shipping"
  }
}

resource "aws_sqs_queue_policy" "shipping" {
  queue_url = aws_sqs_queue.shipping.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.shipping.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# A resource of its own: a plan keeps what was an attribute of the queue when it is left out.
resource "aws_sqs_queue_redrive_policy" "shipping" {
  queue_url = aws_sqs_queue.shipping.url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.shipping_failed.arn
    maxReceiveCount     = 5
  })

  # SQS refuses a dead letter that does not take from this queue.
  depends_on = [aws_sqs_queue_redrive_allow_policy.shipping_failed]
}

resource "aws_cloudwatch_metric_alarm" "shipping_age" {
  alarm_name          = "webhook-relay/shipping-age"
  alarm_description   = "The oldest message has waited for ten visibility timeouts: nobody takes it, or it keeps failing."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.shipping.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = max(600, 10 * 180)
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "resources.shipping"
  }
}

# resources.shipping-failed (isobar.yaml:21)
resource "aws_sqs_queue" "shipping_failed" {
  name                       = "webhook-relay-shipping-failed"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.shipping-failed"
  }
}

resource "aws_sqs_queue_policy" "shipping_failed" {
  queue_url = aws_sqs_queue.shipping_failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.shipping_failed.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# Only these queues may set messages aside here.
resource "aws_sqs_queue_redrive_allow_policy" "shipping_failed" {
  queue_url = aws_sqs_queue.shipping_failed.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns = [
      aws_sqs_queue.shipping.arn,
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "shipping_failed_depth" {
  alarm_name          = "webhook-relay/shipping-failed-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.shipping_failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "resources.shipping-failed"
  }
}

# functions.deliver-billing: trigger queue-billing (isobar.yaml:75)
resource "aws_lambda_event_source_mapping" "deliver_billing__queue_billing" {
  event_source_arn = aws_sqs_queue.billing.arn
  function_name    = aws_lambda_function.deliver_billing.arn
  batch_size       = 10
  # Always: Lambda takes an answer that it does not ask for as success. The adapter fails batches that are to fail as a whole.
  function_response_types = ["ReportBatchItemFailures"]

  tags = {
    isobar-node = "functions.deliver-billing"
  }

  # Lambda checks when it is made that the role may read the queue.
  depends_on = [aws_iam_role_policy.deliver_billing]
}

# functions.deliver-shipping: trigger queue-shipping (isobar.yaml:84)
resource "aws_lambda_event_source_mapping" "deliver_shipping__queue_shipping" {
  event_source_arn = aws_sqs_queue.shipping.arn
  function_name    = aws_lambda_function.deliver_shipping.arn
  batch_size       = 10
  # Always: Lambda takes an answer that it does not ask for as success. The adapter fails batches that are to fail as a whole.
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }

  tags = {
    isobar-node = "functions.deliver-shipping"
  }

  # Lambda checks when it is made that the role may read the queue.
  depends_on = [aws_iam_role_policy.deliver_shipping]
}
