# functions.cart (functions/shop.yaml:3)
resource "aws_lambda_function" "cart" {
  function_name    = "storefront-cart"
  role             = aws_iam_role.cart.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/nodejs.zip"
  source_code_hash = "Gxygc0IhE1i3JjLsd9Gm/qN9aWmpUaHiKvF/+VSpU/E="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ISOBAR_HANDLER    = "cart.handler"
      ISOBAR_CARTS_KIND = "dynamodb"
      ISOBAR_CARTS_NAME = aws_dynamodb_table.carts.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.cart.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.cart"
  }
}

resource "aws_cloudwatch_log_group" "cart" {
  name              = "/aws/lambda/storefront-cart"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.cart"
  }
}

resource "aws_iam_role" "cart" {
  name                 = "storefront-cart"
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
    isobar-node = "functions.cart"
  }
}

resource "aws_iam_role_policy" "cart" {
  name = "access"
  role = aws_iam_role.cart.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/shop.yaml:3)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.cart.arn}:log-stream:*"]
      },
      # uses carts: delete (functions/shop.yaml:9)
      # uses carts: get (functions/shop.yaml:9)
      # uses carts: put (functions/shop.yaml:9)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"]
        Resource = [aws_dynamodb_table.carts.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "cart_errors" {
  alarm_name          = "storefront/cart-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.cart.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.cart"
  }
}

resource "aws_cloudwatch_metric_alarm" "cart_throttles" {
  alarm_name          = "storefront/cart-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.cart.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.cart"
  }
}

# functions.charge (functions/payments.yaml:3)
resource "aws_lambda_function" "charge" {
  function_name    = "storefront-charge"
  role             = aws_iam_role.charge.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/python.zip"
  source_code_hash = "GznBY/wJk9klesQDh6WawGs+PEXJFvADcucPt8066xE="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER            = "payments.charge"
      ISOBAR_IDEMPOTENCY_KEY    = "/orderId"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "charge#"
      ISOBAR_IDEMPOTENCY_WINDOW = "1728000"
      ISOBAR_LEDGER_KIND        = "sqs"
      ISOBAR_LEDGER_URL         = aws_sqs_queue.ledger.url
      ISOBAR_PAY_KEY_ID         = aws_secretsmanager_secret.pay_key.arn
      ISOBAR_PAY_KEY_KIND       = "secretsmanager"
      ISOBAR_PSP_HOST           = "api.psp.example.com"
      ISOBAR_PSP_KIND           = "https"
      ISOBAR_PSP_PORT           = "443"
      ISOBAR_PSP_URL            = "https://api.psp.example.com:443"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.charge.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.charge"
  }
}

resource "aws_cloudwatch_log_group" "charge" {
  name              = "/aws/lambda/storefront-charge"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.charge"
  }
}

resource "aws_iam_role" "charge" {
  name                 = "storefront-charge"
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
    isobar-node = "functions.charge"
  }
}

resource "aws_iam_role_policy" "charge" {
  name = "access"
  role = aws_iam_role.charge.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/payments.yaml:3)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.charge.arn}:log-stream:*"]
      },
      # idempotency store seen (functions/payments.yaml:10)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["charge#*"] }
        }
      },
      # uses pay-key: get (functions/payments.yaml:9)
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.pay_key.arn]
      },
      # dead letter of trigger event-order-placed (functions/payments.yaml:8)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.job_failures.arn]
      },
      # uses ledger: send (functions/payments.yaml:9)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.ledger.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "charge" {
  function_name                = aws_lambda_function.charge.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.job_failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.charge]
}

resource "aws_cloudwatch_metric_alarm" "charge_errors" {
  alarm_name          = "storefront/charge-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.charge.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.charge"
  }
}

resource "aws_cloudwatch_metric_alarm" "charge_throttles" {
  alarm_name          = "storefront/charge-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.charge.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.charge"
  }
}

# functions.get-order (functions/orders.yaml:15)
resource "aws_lambda_function" "get_order" {
  function_name    = "storefront-get-order"
  role             = aws_iam_role.get_order.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/python.zip"
  source_code_hash = "GznBY/wJk9klesQDh6WawGs+PEXJFvADcucPt8066xE="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ISOBAR_HANDLER     = "orders.get"
      ISOBAR_ORDERS_KIND = "dynamodb"
      ISOBAR_ORDERS_NAME = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.get_order.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.get-order"
  }
}

resource "aws_cloudwatch_log_group" "get_order" {
  name              = "/aws/lambda/storefront-get-order"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.get-order"
  }
}

resource "aws_iam_role" "get_order" {
  name                 = "storefront-get-order"
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
    isobar-node = "functions.get-order"
  }
}

resource "aws_iam_role_policy" "get_order" {
  name = "access"
  role = aws_iam_role.get_order.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/orders.yaml:15)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.get_order.arn}:log-stream:*"]
      },
      # uses orders: query (functions/orders.yaml:21)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:Query"]
        Resource = ["${aws_dynamodb_table.orders.arn}/index/by-customer"]
      },
      # uses orders: get (functions/orders.yaml:21)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "get_order_errors" {
  alarm_name          = "storefront/get-order-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.get_order.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.get-order"
  }
}

resource "aws_cloudwatch_metric_alarm" "get_order_throttles" {
  alarm_name          = "storefront/get-order-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.get_order.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.get-order"
  }
}

# functions.place-order (functions/orders.yaml:3)
resource "aws_lambda_function" "place_order" {
  function_name    = "storefront-place-order"
  role             = aws_iam_role.place_order.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/python.zip"
  source_code_hash = "GznBY/wJk9klesQDh6WawGs+PEXJFvADcucPt8066xE="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  # At most this many instances at a time; they are taken out of the account's pool.
  reserved_concurrent_executions = 50

  # Warm instances belong to a published version.
  publish = true

  environment {
    variables = {
      ISOBAR_HANDLER            = "orders.place"
      ISOBAR_IDEMPOTENCY_KEY    = "header:idempotency-key"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "place-order#"
      ISOBAR_IDEMPOTENCY_WINDOW = "86400"
      ISOBAR_LEDGER_KIND        = "sqs"
      ISOBAR_LEDGER_URL         = aws_sqs_queue.ledger.url
      ISOBAR_MESH_KIND          = "eventbridge"
      ISOBAR_MESH_NAME          = aws_cloudwatch_event_bus.mesh.name
      ISOBAR_ORDERS_KIND        = "dynamodb"
      ISOBAR_ORDERS_NAME        = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.place_order.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.place-order"
  }
}

resource "aws_cloudwatch_log_group" "place_order" {
  name              = "/aws/lambda/storefront-place-order"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.place-order"
  }
}

resource "aws_iam_role" "place_order" {
  name                 = "storefront-place-order"
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
    isobar-node = "functions.place-order"
  }
}

resource "aws_iam_role_policy" "place_order" {
  name = "access"
  role = aws_iam_role.place_order.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/orders.yaml:3)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.place_order.arn}:log-stream:*"]
      },
      # emits order.placed (functions/orders.yaml:11)
      {
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = [aws_cloudwatch_event_bus.mesh.arn]
        Condition = {
          "StringEquals"              = { "events:detail-type" = ["order.placed"] }
          "ForAllValues:StringEquals" = { "events:source" = ["storefront", "/storefront-place-order"] }
        }
      },
      # uses orders: get (functions/orders.yaml:9)
      # uses orders: put (functions/orders.yaml:9)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # idempotency store seen (functions/orders.yaml:12)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["place-order#*"] }
        }
      },
      # uses ledger: send (functions/orders.yaml:10)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.ledger.arn]
      },
    ]
  })
}

# Callers use the alias, and so the warm instances behind it.
resource "aws_lambda_alias" "place_order" {
  name             = "warm"
  function_name    = aws_lambda_function.place_order.function_name
  function_version = aws_lambda_function.place_order.version
}

resource "aws_lambda_provisioned_concurrency_config" "place_order" {
  function_name                     = aws_lambda_alias.place_order.function_name
  qualifier                         = aws_lambda_alias.place_order.name
  provisioned_concurrent_executions = 2
}

resource "aws_cloudwatch_metric_alarm" "place_order_errors" {
  alarm_name          = "storefront/place-order-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.place_order.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.place-order"
  }
}

resource "aws_cloudwatch_metric_alarm" "place_order_throttles" {
  alarm_name          = "storefront/place-order-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.place_order.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.place-order"
  }
}

# functions.report (functions/orders.yaml:23)
resource "aws_lambda_function" "report" {
  function_name    = "storefront-report"
  role             = aws_iam_role.report.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/python.zip"
  source_code_hash = "GznBY/wJk9klesQDh6WawGs+PEXJFvADcucPt8066xE="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 300

  environment {
    variables = {
      ISOBAR_HANDLER     = "report.nightly"
      ISOBAR_ORDERS_KIND = "dynamodb"
      ISOBAR_ORDERS_NAME = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.report.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.report"
  }
}

resource "aws_cloudwatch_log_group" "report" {
  name              = "/aws/lambda/storefront-report"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.report"
  }
}

resource "aws_iam_role" "report" {
  name                 = "storefront-report"
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
    isobar-node = "functions.report"
  }
}

resource "aws_iam_role_policy" "report" {
  name = "access"
  role = aws_iam_role.report.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/orders.yaml:23)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.report.arn}:log-stream:*"]
      },
      # uses orders: scan (functions/orders.yaml:30)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:Scan"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # dead letter of trigger schedule-0-2 (functions/orders.yaml:28)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.job_failures.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "report" {
  function_name                = aws_lambda_function.report.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = min(3600, 21600)

  destination_config {
    on_failure {
      destination = aws_sqs_queue.job_failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.report]
}

resource "aws_cloudwatch_metric_alarm" "report_errors" {
  alarm_name          = "storefront/report-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.report.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.report"
  }
}

resource "aws_cloudwatch_metric_alarm" "report_throttles" {
  alarm_name          = "storefront/report-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.report.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.report"
  }
}

# functions.settle (functions/payments.yaml:13)
resource "aws_lambda_function" "settle" {
  function_name    = "storefront-settle"
  role             = aws_iam_role.settle.arn
  package_type     = "Zip"
  runtime          = "nodejs22.x"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/nodejs.zip"
  source_code_hash = "Gxygc0IhE1i3JjLsd9Gm/qN9aWmpUaHiKvF/+VSpU/E="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ISOBAR_HANDLER            = "settle.handler"
      ISOBAR_PARTIAL_FAILURES   = join(",", [aws_sqs_queue.ledger.name])
      ISOBAR_IDEMPOTENCY_KEY    = "/orderId"
      ISOBAR_IDEMPOTENCY_KIND   = "dynamodb"
      ISOBAR_IDEMPOTENCY_NAME   = aws_dynamodb_table.seen.name
      ISOBAR_IDEMPOTENCY_PREFIX = "settle#"
      ISOBAR_IDEMPOTENCY_WINDOW = "1728000"
      ISOBAR_ORDERS_KIND        = "dynamodb"
      ISOBAR_ORDERS_NAME        = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.settle.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.settle"
  }
}

resource "aws_cloudwatch_log_group" "settle" {
  name              = "/aws/lambda/storefront-settle"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.settle"
  }
}

resource "aws_iam_role" "settle" {
  name                 = "storefront-settle"
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
    isobar-node = "functions.settle"
  }
}

resource "aws_iam_role_policy" "settle" {
  name = "access"
  role = aws_iam_role.settle.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/payments.yaml:13)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.settle.arn}:log-stream:*"]
      },
      # uses orders: update (functions/payments.yaml:19)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # idempotency store seen (functions/payments.yaml:20)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.seen.arn]
        Condition = {
          "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["settle#*"] }
        }
      },
      # trigger queue-ledger (functions/payments.yaml:18)
      {
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [aws_sqs_queue.ledger.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "settle_errors" {
  alarm_name          = "storefront/settle-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.settle.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.settle"
  }
}

resource "aws_cloudwatch_metric_alarm" "settle_throttles" {
  alarm_name          = "storefront/settle-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.settle.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.settle"
  }
}

# functions.thumbnail (functions/shop.yaml:12)
resource "aws_lambda_function" "thumbnail" {
  function_name = "storefront-thumbnail"
  role          = aws_iam_role.thumbnail.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/thumbs:1.4.2"
  architectures = ["x86_64"]
  memory_size   = 1024
  timeout       = 60

  environment {
    variables = {
      ISOBAR_UPLOADS_KIND = "s3"
      ISOBAR_UPLOADS_NAME = aws_s3_bucket.uploads.bucket
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.thumbnail.name
  }

  tracing_config {
    mode = "Active"
  }

  tags = {
    isobar-node = "functions.thumbnail"
  }
}

resource "aws_cloudwatch_log_group" "thumbnail" {
  name              = "/aws/lambda/storefront-thumbnail"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.thumbnail"
  }
}

resource "aws_iam_role" "thumbnail" {
  name                 = "storefront-thumbnail"
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
    isobar-node = "functions.thumbnail"
  }
}

resource "aws_iam_role_policy" "thumbnail" {
  name = "access"
  role = aws_iam_role.thumbnail.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # tracing (isobar.yaml:16)
      # X-Ray knows no resource for these actions
      {
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      # writes its own log (functions/shop.yaml:12)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.thumbnail.arn}:log-stream:*"]
      },
      # uses uploads: get (functions/shop.yaml:20)
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${aws_s3_bucket.uploads.arn}/incoming/*"]
      },
      # uses uploads: put (functions/shop.yaml:20)
      {
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["${aws_s3_bucket.uploads.arn}/thumbs/*"]
      },
      # dead letter of trigger object-uploads-created-incoming-png (functions/shop.yaml:18)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.job_failures.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "thumbnail" {
  function_name                = aws_lambda_function.thumbnail.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.job_failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.thumbnail]
}

resource "aws_cloudwatch_metric_alarm" "thumbnail_errors" {
  alarm_name          = "storefront/thumbnail-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.thumbnail.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.thumbnail"
  }
}

resource "aws_cloudwatch_metric_alarm" "thumbnail_throttles" {
  alarm_name          = "storefront/thumbnail-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.thumbnail.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.thumbnail"
  }
}
