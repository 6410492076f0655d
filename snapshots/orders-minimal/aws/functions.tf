# functions.create (isobar.yaml:27)
resource "aws_lambda_function" "create" {
  function_name    = "orders-minimal-create"
  role             = aws_iam_role.create.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ISOBAR_HANDLER     = "orders.create"
      ISOBAR_ORDERS_KIND = "dynamodb"
      ISOBAR_ORDERS_NAME = aws_dynamodb_table.orders.name
      ISOBAR_WORK_KIND   = "sqs"
      ISOBAR_WORK_URL    = aws_sqs_queue.work.url
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.create.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.create"
  }
}

resource "aws_cloudwatch_log_group" "create" {
  name              = "/aws/lambda/orders-minimal-create"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.create"
  }
}

resource "aws_iam_role" "create" {
  name                 = "orders-minimal-create"
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
    isobar-node = "functions.create"
  }
}

resource "aws_iam_role_policy" "create" {
  name = "access"
  role = aws_iam_role.create.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:27)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.create.arn}:log-stream:*"]
      },
      # uses orders: put (isobar.yaml:33)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # uses work: send (isobar.yaml:33)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.work.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "create_errors" {
  alarm_name          = "orders-minimal/create-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.create.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.create"
  }
}

resource "aws_cloudwatch_metric_alarm" "create_throttles" {
  alarm_name          = "orders-minimal/create-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.create.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.create"
  }
}

# functions.get (isobar.yaml:36)
resource "aws_lambda_function" "get" {
  function_name    = "orders-minimal-get"
  role             = aws_iam_role.get.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
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
    log_group  = aws_cloudwatch_log_group.get.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.get"
  }
}

resource "aws_cloudwatch_log_group" "get" {
  name              = "/aws/lambda/orders-minimal-get"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.get"
  }
}

resource "aws_iam_role" "get" {
  name                 = "orders-minimal-get"
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
    isobar-node = "functions.get"
  }
}

resource "aws_iam_role_policy" "get" {
  name = "access"
  role = aws_iam_role.get.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:36)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.get.arn}:log-stream:*"]
      },
      # uses orders: get (isobar.yaml:42)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "get_errors" {
  alarm_name          = "orders-minimal/get-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.get.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.get"
  }
}

resource "aws_cloudwatch_metric_alarm" "get_throttles" {
  alarm_name          = "orders-minimal/get-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.get.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.get"
  }
}

# functions.import (isobar.yaml:54)
resource "aws_lambda_function" "import" {
  function_name    = "orders-minimal-import"
  role             = aws_iam_role.import.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER      = "files.import_order"
      ISOBAR_ORDERS_KIND  = "dynamodb"
      ISOBAR_ORDERS_NAME  = aws_dynamodb_table.orders.name
      ISOBAR_UPLOADS_KIND = "s3"
      ISOBAR_UPLOADS_NAME = aws_s3_bucket.uploads.bucket
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.import.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.import"
  }
}

resource "aws_cloudwatch_log_group" "import" {
  name              = "/aws/lambda/orders-minimal-import"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.import"
  }
}

resource "aws_iam_role" "import" {
  name                 = "orders-minimal-import"
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
    isobar-node = "functions.import"
  }
}

resource "aws_iam_role_policy" "import" {
  name = "access"
  role = aws_iam_role.import.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:54)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.import.arn}:log-stream:*"]
      },
      # uses uploads: get (isobar.yaml:60)
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${aws_s3_bucket.uploads.arn}/incoming/*"]
      },
      # uses orders: put (isobar.yaml:60)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # dead letter of trigger object-uploads-created-incoming-json (isobar.yaml:59)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.failures.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "import" {
  function_name                = aws_lambda_function.import.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.import]
}

resource "aws_cloudwatch_metric_alarm" "import_errors" {
  alarm_name          = "orders-minimal/import-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.import.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.import"
  }
}

resource "aws_cloudwatch_metric_alarm" "import_throttles" {
  alarm_name          = "orders-minimal/import-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.import.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.import"
  }
}

# functions.nightly (isobar.yaml:64)
resource "aws_lambda_function" "nightly" {
  function_name    = "orders-minimal-nightly"
  role             = aws_iam_role.nightly.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
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
    log_group  = aws_cloudwatch_log_group.nightly.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.nightly"
  }
}

resource "aws_cloudwatch_log_group" "nightly" {
  name              = "/aws/lambda/orders-minimal-nightly"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.nightly"
  }
}

resource "aws_iam_role" "nightly" {
  name                 = "orders-minimal-nightly"
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
    isobar-node = "functions.nightly"
  }
}

resource "aws_iam_role_policy" "nightly" {
  name = "access"
  role = aws_iam_role.nightly.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:64)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.nightly.arn}:log-stream:*"]
      },
      # uses orders: scan (isobar.yaml:70)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:Scan"]
        Resource = [aws_dynamodb_table.orders.arn]
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

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "nightly" {
  function_name                = aws_lambda_function.nightly.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = min(3600, 21600)

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.nightly]
}

resource "aws_cloudwatch_metric_alarm" "nightly_errors" {
  alarm_name          = "orders-minimal/nightly-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.nightly.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.nightly"
  }
}

resource "aws_cloudwatch_metric_alarm" "nightly_throttles" {
  alarm_name          = "orders-minimal/nightly-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.nightly.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.nightly"
  }
}

# functions.payment (isobar.yaml:74)
resource "aws_lambda_function" "payment" {
  function_name    = "orders-minimal-payment"
  role             = aws_iam_role.payment.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER     = "work.payment"
      ISOBAR_ORDERS_KIND = "dynamodb"
      ISOBAR_ORDERS_NAME = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.payment.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.payment"
  }
}

resource "aws_cloudwatch_log_group" "payment" {
  name              = "/aws/lambda/orders-minimal-payment"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.payment"
  }
}

resource "aws_iam_role" "payment" {
  name                 = "orders-minimal-payment"
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
    isobar-node = "functions.payment"
  }
}

resource "aws_iam_role_policy" "payment" {
  name = "access"
  role = aws_iam_role.payment.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:74)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.payment.arn}:log-stream:*"]
      },
      # uses orders: update (isobar.yaml:80)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # dead letter of trigger event-payment-received (isobar.yaml:79)
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.failures.arn]
      },
    ]
  })
}

# Events that nobody waits for: how often and how long Lambda tries, and where what failed goes.
resource "aws_lambda_function_event_invoke_config" "payment" {
  function_name                = aws_lambda_function.payment.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }

  # Lambda checks when it is set that the role may send there.
  depends_on = [aws_iam_role_policy.payment]
}

resource "aws_cloudwatch_metric_alarm" "payment_errors" {
  alarm_name          = "orders-minimal/payment-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.payment.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.payment"
  }
}

resource "aws_cloudwatch_metric_alarm" "payment_throttles" {
  alarm_name          = "orders-minimal/payment-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.payment.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.payment"
  }
}

# functions.process (isobar.yaml:44)
resource "aws_lambda_function" "process" {
  function_name    = "orders-minimal-process"
  role             = aws_iam_role.process.arn
  package_type     = "Zip"
  runtime          = "python3.13"
  handler          = "isobar_adapter.handler"
  filename         = "${path.module}/code/functions.zip"
  source_code_hash = "vNR2EKMsz68ZKQb7CvNsWi/x1yQmAJ7356DxhCdAQhU="
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      ISOBAR_HANDLER          = "work.process"
      ISOBAR_PARTIAL_FAILURES = join(",", [aws_sqs_queue.work.name])
      ISOBAR_BUS_KIND         = "eventbridge"
      ISOBAR_BUS_NAME         = aws_cloudwatch_event_bus.bus.name
      ISOBAR_ORDERS_KIND      = "dynamodb"
      ISOBAR_ORDERS_NAME      = aws_dynamodb_table.orders.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.process.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    isobar-node = "functions.process"
  }
}

resource "aws_cloudwatch_log_group" "process" {
  name              = "/aws/lambda/orders-minimal-process"
  retention_in_days = 30

  tags = {
    isobar-node = "functions.process"
  }
}

resource "aws_iam_role" "process" {
  name                 = "orders-minimal-process"
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
    isobar-node = "functions.process"
  }
}

resource "aws_iam_role_policy" "process" {
  name = "access"
  role = aws_iam_role.process.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # writes its own log (isobar.yaml:44)
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.process.arn}:log-stream:*"]
      },
      # emits order.processed (isobar.yaml:51)
      {
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = [aws_cloudwatch_event_bus.bus.arn]
        Condition = {
          "StringEquals"              = { "events:detail-type" = ["order.processed"] }
          "ForAllValues:StringEquals" = { "events:source" = ["orders-minimal", "/orders-minimal-process"] }
        }
      },
      # uses orders: update (isobar.yaml:50)
      {
        Effect   = "Allow"
        Action   = ["dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.orders.arn]
      },
      # trigger queue-work (isobar.yaml:49)
      {
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [aws_sqs_queue.work.arn]
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "process_errors" {
  alarm_name          = "orders-minimal/process-errors"
  alarm_description   = "An invocation failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.process.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.process"
  }
}

resource "aws_cloudwatch_metric_alarm" "process_throttles" {
  alarm_name          = "orders-minimal/process-throttles"
  alarm_description   = "An invocation was turned away: all instances that may run were busy."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.process.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  tags = {
    isobar-node = "functions.process"
  }
}
