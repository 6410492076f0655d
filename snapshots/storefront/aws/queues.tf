# resources.job-failures (isobar.yaml:36)
resource "aws_sqs_queue" "job_failures" {
  name                       = "storefront-job-failures"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.job-failures"
  }
}

resource "aws_sqs_queue_policy" "job_failures" {
  queue_url = aws_sqs_queue.job_failures.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # dead letter of trigger event-order-placed (functions/payments.yaml:8)
      # dead letter of trigger object-uploads-created-incoming-png (functions/shop.yaml:18)
      {
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["sqs:SendMessage"]
        Resource  = [aws_sqs_queue.job_failures.arn]
        Condition = {
          "ArnEquals" = { "aws:SourceArn" = [
            aws_cloudwatch_event_rule.charge__event_order_placed.arn,
            aws_cloudwatch_event_rule.thumbnail__object_uploads_created_incoming_png.arn,
          ] }
        }
      },
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.job_failures.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "job_failures_depth" {
  alarm_name          = "storefront/job-failures-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.job_failures.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.job-failures"
  }
}

# resources.ledger (isobar.yaml:34)
resource "aws_sqs_queue" "ledger" {
  name                       = "storefront-ledger"
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 60
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.ledger"
  }
}

resource "aws_sqs_queue_policy" "ledger" {
  queue_url = aws_sqs_queue.ledger.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.ledger.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# A resource of its own: a plan keeps what was an attribute of the queue when it is left out.
resource "aws_sqs_queue_redrive_policy" "ledger" {
  queue_url = aws_sqs_queue.ledger.url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.ledger_failed.arn
    maxReceiveCount     = 5
  })

  # SQS refuses a dead letter that does not take from this queue.
  depends_on = [aws_sqs_queue_redrive_allow_policy.ledger_failed]
}

resource "aws_cloudwatch_metric_alarm" "ledger_age" {
  alarm_name          = "storefront/ledger-age"
  alarm_description   = "The oldest message has waited for ten visibility timeouts: nobody takes it, or it keeps failing."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.ledger.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = max(600, 10 * 60)
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.ledger"
  }
}

# resources.ledger-failed (isobar.yaml:35)
resource "aws_sqs_queue" "ledger_failed" {
  name                       = "storefront-ledger-failed"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.ledger-failed"
  }
}

resource "aws_sqs_queue_policy" "ledger_failed" {
  queue_url = aws_sqs_queue.ledger_failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.ledger_failed.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# Only these queues may set messages aside here.
resource "aws_sqs_queue_redrive_allow_policy" "ledger_failed" {
  queue_url = aws_sqs_queue.ledger_failed.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns = [
      aws_sqs_queue.ledger.arn,
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "ledger_failed_depth" {
  alarm_name          = "storefront/ledger-failed-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.ledger_failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.ledger-failed"
  }
}

# functions.settle: trigger queue-ledger (functions/payments.yaml:18)
resource "aws_lambda_event_source_mapping" "settle__queue_ledger" {
  event_source_arn = aws_sqs_queue.ledger.arn
  function_name    = aws_lambda_function.settle.arn
  batch_size       = 10
  # Always: Lambda takes an answer that it does not ask for as success. The adapter fails batches that are to fail as a whole.
  function_response_types = ["ReportBatchItemFailures"]

  tags = {
    isobar-node = "functions.settle"
  }

  # Lambda checks when it is made that the role may read the queue.
  depends_on = [aws_iam_role_policy.settle]
}
