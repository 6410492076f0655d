# All schedules of orders-minimal: the roles below may be used for schedules of this group only.
resource "aws_scheduler_schedule_group" "app" {
  name = "orders-minimal"

  tags = {
    isobar-node = "application"
  }
}

# functions.nightly: trigger schedule-0-2 (isobar.yaml:69)
resource "aws_scheduler_schedule" "nightly__schedule_0_2" {
  name                         = "orders-minimal-nightly.schedule-0-2"
  group_name                   = aws_scheduler_schedule_group.app.name
  schedule_expression          = "cron(0 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.nightly.arn
    role_arn = aws_iam_role.nightly__schedule_0_2.arn

    # How long Scheduler tries to hand the run to Lambda; how often the function may fail at it, Lambda decides.
    retry_policy {
      maximum_retry_attempts       = 185
      maximum_event_age_in_seconds = min(3600, 86400)
    }

    dead_letter_config {
      arn = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_iam_role" "nightly__schedule_0_2" {
  name                 = "orders-minimal-nightly.schedule-0-2"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnEquals    = { "aws:SourceArn" = aws_scheduler_schedule_group.app.arn }
      }
    }]
  })

  tags = {
    isobar-node = "functions.nightly.on.schedule-0-2"
  }
}

resource "aws_iam_role_policy" "nightly__schedule_0_2" {
  name = "access"
  role = aws_iam_role.nightly__schedule_0_2.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # trigger schedule-0-2 (isobar.yaml:69)
      {
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [aws_lambda_function.nightly.arn]
      },
      # dead letter of trigger schedule-0-2 (isobar.yaml:69)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.failures.arn]
      },
    ]
  })
}
