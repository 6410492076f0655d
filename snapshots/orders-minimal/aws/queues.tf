# resources.failures (isobar.yaml:23)
resource "aws_sqs_queue" "failures" {
  name                       = "orders-minimal-failures"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.failures"
  }
}

resource "aws_sqs_queue_policy" "failures" {
  queue_url = aws_sqs_queue.failures.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # dead letter of trigger object-uploads-created-incoming-json (isobar.yaml:59)
      # dead letter of trigger event-payment-received (isobar.yaml:79)
      {
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["sqs:SendMessage"]
        Resource  = [aws_sqs_queue.failures.arn]
        Condition = {
          "ArnEquals" = { "aws:SourceArn" = [
            aws_cloudwatch_event_rule.import__object_uploads_created_incoming_json.arn,
            aws_cloudwatch_event_rule.payment__event_payment_received.arn,
          ] }
        }
      },
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.failures.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "failures_depth" {
  alarm_name          = "orders-minimal/failures-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failures.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.failures"
  }
}

# resources.work (isobar.yaml:21)
resource "aws_sqs_queue" "work" {
  name                       = "orders-minimal-work"
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 180
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.work"
  }
}

resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.work.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# A resource of its own: a plan keeps what was an attribute of the queue when it is left out.
resource "aws_sqs_queue_redrive_policy" "work" {
  queue_url = aws_sqs_queue.work.url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.work_failed.arn
    maxReceiveCount     = 5
  })

  # SQS refuses a dead letter that does not take from this queue.
  depends_on = [aws_sqs_queue_redrive_allow_policy.work_failed]
}

resource "aws_cloudwatch_metric_alarm" "work_age" {
  alarm_name          = "orders-minimal/work-age"
  alarm_description   = "The oldest message has waited for ten visibility timeouts: nobody takes it, or it keeps failing."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.work.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = max(600, 10 * 180)
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.work"
  }
}

# resources.work-failed (isobar.yaml:22)
resource "aws_sqs_queue" "work_failed" {
  name                       = "orders-minimal-work-failed"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = {
    isobar-node = "resources.work-failed"
  }
}

resource "aws_sqs_queue_policy" "work_failed" {
  queue_url = aws_sqs_queue.work_failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [aws_sqs_queue.work_failed.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# Only these queues may set messages aside here.
resource "aws_sqs_queue_redrive_allow_policy" "work_failed" {
  queue_url = aws_sqs_queue.work_failed.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns = [
      aws_sqs_queue.work.arn,
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "work_failed_depth" {
  alarm_name          = "orders-minimal/work-failed-depth"
  alarm_description   = "A message was set aside."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.work_failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "resources.work-failed"
  }
}

# functions.process: trigger queue-work (isobar.yaml:49)
resource "aws_lambda_event_source_mapping" "process__queue_work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = aws_lambda_function.process.arn
  batch_size       = 10
  # Always: Lambda takes an answer that it does not ask for as success. The adapter fails batches that are to fail as a whole.
  function_response_types = ["ReportBatchItemFailures"]

  tags = {
    isobar-node = "functions.process"
  }

  # Lambda checks when it is made that the role may read the queue.
  depends_on = [aws_iam_role_policy.process]
}
