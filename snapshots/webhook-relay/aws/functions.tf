# functions.deliver-billing (isobar.yaml:70)
resource "aws_lambda_function" "deliver_billing" {
  function_name    = "webhook-relay-deliver-billing"
  role             = aws_iam_role.deliver_billing.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER            = "deliver.handler"
      ISOBAR_PARTIAL_FAILURES   = join(",", [aws_sqs_queue.billing.name])
      ISOBAR_BILLING_HOST_HOST  = "hooks.billing.example.com"
      ISOBAR_BILLING_HOST_KIND  = "https"
      ISOBAR_BILLING_HOST_PORT  = "443"
      ISOBAR_BILLING_HOST_URL   = "https://hooks.billing.example.com:443"
      ISOBAR_IDEMPOTENCY_KEY    = "event:id"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "deliver-billing#"
      ISOBAR_IDEMPOTENCY_WINDOW = "1728000"
      PARTNER                   = "billing-host"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.deliver_billing.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.deliver-billing"
  }
}

resource "aws_cloudwatch_log_group" "deliver_billing" {
  name              = "/aws/lambda/webhook-relay-deliver-billing"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.deliver-billing"
  }
}

resource "aws_iam_role" "deliver_billing" {
  name                 = "webhook-relay-deliver-billing"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.deliver-billing"
  }
}

resource "aws_iam_role_policy" "deliver_billing" {
  name = "access"
  role = aws_iam_role.deliver_billing.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:70)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.deliver_billing.arn}:log-stream:*"]
      },
      # idempotency store seen (isobar.yaml:77)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["deliver-billing#*"] }
        }
      },
      # trigger queue-billing (isobar.yaml:75)
      {
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [aws_sqs_queue.billing.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "deliver_billing_errors" {
  alarm_name          = "webhook-relay/deliver-billing-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.deliver_billing.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-billing"
  }
}

resource "aws_cloudwatch_metric_alarm" "deliver_billing_throttles" {
  alarm_name          = "webhook-relay/deliver-billing-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.deliver_billing.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-billing"
  }
}

# functions.deliver-desk (isobar.yaml:88)
resource "aws_lambda_function" "deliver_desk" {
  function_name    = "webhook-relay-deliver-desk"
  role             = aws_iam_role.deliver_desk.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER            = "deliver.handler"
      ISOBAR_DESK_HOST_HOST     = "desk.example.com"
      ISOBAR_DESK_HOST_KIND     = "https"
      ISOBAR_DESK_HOST_PORT     = "443"
      ISOBAR_DESK_HOST_URL      = "https://desk.example.com:443"
      ISOBAR_IDEMPOTENCY_KEY    = "event:id"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "deliver-desk#"
      ISOBAR_IDEMPOTENCY_WINDOW = "3888000"
      PARTNER                   = "desk-host"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.deliver_desk.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.deliver-desk"
  }
}

resource "aws_cloudwatch_log_group" "deliver_desk" {
  name              = "/aws/lambda/webhook-relay-deliver-desk"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.deliver-desk"
  }
}

resource "aws_iam_role" "deliver_desk" {
  name                 = "webhook-relay-deliver-desk"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.deliver-desk"
  }
}

resource "aws_iam_role_policy" "deliver_desk" {
  name = "access"
  role = aws_iam_role.deliver_desk.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:88)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.deliver_desk.arn}:log-stream:*"]
      },
      # idempotency store seen (isobar.yaml:95)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["deliver-desk#*"] }
        }
      },
      # dead letter of trigger topic-large (isobar.yaml:93)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.relay_failed.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "deliver_desk" {
  function_name                = aws_lambda_function.deliver_desk.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.relay_failed.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.deliver_desk]
}

resource "aws_cloudwatch_metric_alarm" "deliver_desk_errors" {
  alarm_name          = "webhook-relay/deliver-desk-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.deliver_desk.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-desk"
  }
}

resource "aws_cloudwatch_metric_alarm" "deliver_desk_throttles" {
  alarm_name          = "webhook-relay/deliver-desk-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.deliver_desk.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-desk"
  }
}

# functions.deliver-shipping (isobar.yaml:79)
resource "aws_lambda_function" "deliver_shipping" {
  function_name    = "webhook-relay-deliver-shipping"
  role             = aws_iam_role.deliver_shipping.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER            = "deliver.handler"
      ISOBAR_PARTIAL_FAILURES   = join(",", [aws_sqs_queue.shipping.name])
      ISOBAR_IDEMPOTENCY_KEY    = "event:id"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "deliver-shipping#"
      ISOBAR_IDEMPOTENCY_WINDOW = "1728000"
      ISOBAR_SHIPPING_HOST_HOST = "hooks.shipping.example.com"
      ISOBAR_SHIPPING_HOST_KIND = "https"
      ISOBAR_SHIPPING_HOST_PORT = "443"
      ISOBAR_SHIPPING_HOST_URL  = "https://hooks.shipping.example.com:443"
      PARTNER                   = "shipping-host"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.deliver_shipping.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.deliver-shipping"
  }
}

resource "aws_cloudwatch_log_group" "deliver_shipping" {
  name              = "/aws/lambda/webhook-relay-deliver-shipping"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.deliver-shipping"
  }
}

resource "aws_iam_role" "deliver_shipping" {
  name                 = "webhook-relay-deliver-shipping"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.deliver-shipping"
  }
}

resource "aws_iam_role_policy" "deliver_shipping" {
  name = "access"
  role = aws_iam_role.deliver_shipping.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:79)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.deliver_shipping.arn}:log-stream:*"]
      },
      # idempotency store seen (isobar.yaml:86)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["deliver-shipping#*"] }
        }
      },
      # trigger queue-shipping (isobar.yaml:84)
      {
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [aws_sqs_queue.shipping.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "deliver_shipping_errors" {
  alarm_name          = "webhook-relay/deliver-shipping-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.deliver_shipping.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-shipping"
  }
}

resource "aws_cloudwatch_metric_alarm" "deliver_shipping_throttles" {
  alarm_name          = "webhook-relay/deliver-shipping-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.deliver_shipping.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.deliver-shipping"
  }
}

# functions.receive (isobar.yaml:32)
resource "aws_lambda_function" "receive" {
  function_name    = "webhook-relay-receive"
  role             = aws_iam_role.receive.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  # At most this many instances at a time; they are taken out of the account's pool.
  reserved_concurrent_executions = 50

  environment {
    variables = {
      ISOBAR_HANDLER            = "receive.handler"
      ISOBAR_IDEMPOTENCY_KEY    = "header:webhook-id"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "receive#"
      ISOBAR_IDEMPOTENCY_WINDOW = "86400"
      ISOBAR_RELAY_KIND         = "eventbridge"
      ISOBAR_RELAY_NAME         = aws_cloudwatch_event_bus.relay.name
      ISOBAR_SIGNING_KEY_ID     = aws_secretsmanager_secret.signing_key.arn
      ISOBAR_SIGNING_KEY_KIND   = "secretsmanager"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.receive.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.receive"
  }
}

resource "aws_cloudwatch_log_group" "receive" {
  name              = "/aws/lambda/webhook-relay-receive"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.receive"
  }
}

resource "aws_iam_role" "receive" {
  name                 = "webhook-relay-receive"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.receive"
  }
}

resource "aws_iam_role_policy" "receive" {
  name = "access"
  role = aws_iam_role.receive.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:32)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.receive.arn}:log-stream:*"]
      },
      # emits hook.received (isobar.yaml:40)
      {
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = [aws_cloudwatch_event_bus.relay.arn]
        Condition = {
          "StringEquals"              = { "events:detail-type" = ["hook.received"] }
          "ForAllValues:StringEquals" = { "events:source" = ["webhook-relay", "/webhook-relay-receive"] }
        }
      },
      # idempotency store seen (isobar.yaml:41)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["receive#*"] }
        }
      },
      # uses signing-key: get (isobar.yaml:39)
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.signing_key.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "receive_errors" {
  alarm_name          = "webhook-relay/receive-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.receive.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.receive"
  }
}

resource "aws_cloudwatch_metric_alarm" "receive_throttles" {
  alarm_name          = "webhook-relay/receive-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.receive.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.receive"
  }
}

# functions.to-billing (isobar.yaml:43)
resource "aws_lambda_function" "to_billing" {
  function_name    = "webhook-relay-to-billing"
  role             = aws_iam_role.to_billing.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER      = "forward.to_billing"
      ISOBAR_BILLING_KIND = "sqs"
      ISOBAR_BILLING_URL  = aws_sqs_queue.billing.url
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.to_billing.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.to-billing"
  }
}

resource "aws_cloudwatch_log_group" "to_billing" {
  name              = "/aws/lambda/webhook-relay-to-billing"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.to-billing"
  }
}

resource "aws_iam_role" "to_billing" {
  name                 = "webhook-relay-to-billing"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.to-billing"
  }
}

resource "aws_iam_role_policy" "to_billing" {
  name = "access"
  role = aws_iam_role.to_billing.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:43)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.to_billing.arn}:log-stream:*"]
      },
      # uses billing: send (isobar.yaml:48)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.billing.arn]
      },
      # dead letter of trigger event-hook-received (isobar.yaml:47)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.relay_failed.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "to_billing" {
  function_name                = aws_lambda_function.to_billing.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.relay_failed.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.to_billing]
}

resource "aws_cloudwatch_metric_alarm" "to_billing_errors" {
  alarm_name          = "webhook-relay/to-billing-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.to_billing.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-billing"
  }
}

resource "aws_cloudwatch_metric_alarm" "to_billing_throttles" {
  alarm_name          = "webhook-relay/to-billing-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.to_billing.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-billing"
  }
}

# functions.to-desk (isobar.yaml:61)
resource "aws_lambda_function" "to_desk" {
  function_name    = "webhook-relay-to-desk"
  role             = aws_iam_role.to_desk.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER    = "forward.to_desk"
      ISOBAR_LARGE_ID   = aws_sns_topic.large.arn
      ISOBAR_LARGE_KIND = "sns"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.to_desk.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.to-desk"
  }
}

resource "aws_cloudwatch_log_group" "to_desk" {
  name              = "/aws/lambda/webhook-relay-to-desk"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.to-desk"
  }
}

resource "aws_iam_role" "to_desk" {
  name                 = "webhook-relay-to-desk"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.to-desk"
  }
}

resource "aws_iam_role_policy" "to_desk" {
  name = "access"
  role = aws_iam_role.to_desk.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:61)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.to_desk.arn}:log-stream:*"]
      },
      # uses large: publish (isobar.yaml:66)
      {
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = [aws_sns_topic.large.arn]
      },
      # dead letter of trigger event-hook-received (isobar.yaml:65)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.relay_failed.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "to_desk" {
  function_name                = aws_lambda_function.to_desk.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.relay_failed.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.to_desk]
}

resource "aws_cloudwatch_metric_alarm" "to_desk_errors" {
  alarm_name          = "webhook-relay/to-desk-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.to_desk.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-desk"
  }
}

resource "aws_cloudwatch_metric_alarm" "to_desk_throttles" {
  alarm_name          = "webhook-relay/to-desk-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.to_desk.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-desk"
  }
}

# functions.to-shipping (isobar.yaml:52)
resource "aws_lambda_function" "to_shipping" {
  function_name    = "webhook-relay-to-shipping"
  role             = aws_iam_role.to_shipping.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "s+0da9UJ/mDv/cLJCJx6mkDwgSgV816bxnorlfNUreg="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER       = "forward.to_shipping"
      ISOBAR_SHIPPING_KIND = "sqs"
      ISOBAR_SHIPPING_URL  = aws_sqs_queue.shipping.url
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.to_shipping.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.to-shipping"
  }
}

resource "aws_cloudwatch_log_group" "to_shipping" {
  name              = "/aws/lambda/webhook-relay-to-shipping"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.to-shipping"
  }
}

resource "aws_iam_role" "to_shipping" {
  name                 = "webhook-relay-to-shipping"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })

  tags = {
    isobar-node = "functions.to-shipping"
  }
}

resource "aws_iam_role_policy" "to_shipping" {
  name = "access"
  role = aws_iam_role.to_shipping.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:7)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (isobar.yaml:52)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.to_shipping.arn}:log-stream:*"]
      },
      # dead letter of trigger event-hook-received (isobar.yaml:56)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.relay_failed.arn]
      },
      # uses shipping: send (isobar.yaml:57)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.shipping.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "to_shipping" {
  function_name                = aws_lambda_function.to_shipping.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.relay_failed.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.to_shipping]
}

resource "aws_cloudwatch_metric_alarm" "to_shipping_errors" {
  alarm_name          = "webhook-relay/to-shipping-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.to_shipping.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-shipping"
  }
}

resource "aws_cloudwatch_metric_alarm" "to_shipping_throttles" {
  alarm_name          = "webhook-relay/to-shipping-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.to_shipping.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.attention.arn]
  ok_actions          = [aws_sns_topic.attention.arn]

  tags = {
    isobar-node = "functions.to-shipping"
  }
}
